/** Both sides must speak the same major protocol version; there is one so far. */
export const PROTOCOL_VERSION = 1;
/** The server takes the first free one; the manifest lists them all, because UXP permits no wildcard port. */
export const SERVER_PORTS = [8765, 8766, 8767, 8768, 8769] as const;
export const PROTOCOL_PATH = '/v1';
/** Largest binary frame, header included. UXP closes the socket when its buffer is full, so frames stay small. */
export const MAX_FRAME_BYTES = 1024 * 1024;
