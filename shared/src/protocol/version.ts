/** Both sides must speak the same major protocol version; there is one so far. */
export const PROTOCOL_VERSION = 1;
/** The server takes the first free one; the manifest lists them all, because UXP permits no wildcard port. */
export const SERVER_PORTS = [8765, 8766, 8767, 8768, 8769] as const;
export const PROTOCOL_PATH = '/v1';
/** Largest binary frame, header included. UXP closes the socket when its buffer is full, so frames stay small. */
export const MAX_FRAME_BYTES = 1024 * 1024;
/** Frame size of our own writer: half the limit, so that control messages never wait behind a megabyte. */
export const PREFERRED_FRAME_BYTES = 512 * 1024;
/** Largest text message in UTF-16 units; the longest real one (30 iterations) has about 12,000. */
export const MAX_TEXT_LENGTH = 256 * 1024;
/** The same of a client's messages: the longest real one has about 600. */
export const MAX_CLIENT_TEXT_LENGTH = 8 * 1024;
/** Longest id that a client may choose or repeat; ours have 36 characters. */
export const MAX_ID_LENGTH = 100;
/** Longest name of a client or of its version, and longest token. */
export const MAX_NAME_LENGTH = 200;
/** Largest stream: a tile of `MAX_TILE_PIXELS` with four float channels. Bounds what a receiver must hold. */
export const MAX_STREAM_BYTES = 16 * 1024 * 1024;
/** Streams announced and not yet complete, per direction. */
export const MAX_OPEN_STREAMS = 4;
export const MAX_TILE_PIXELS = 1024 * 1024;
/** A proxy need not be larger than any working size; 8-bit RGB of this many pixels fits into one stream. */
export const MAX_PROXY_PIXELS = 2048 * 2048;
/** Jobs that may wait behind the one that runs; more are answered with BUSY. */
export const MAX_JOBS_WAITING = 256;
/** Unanswered tiles per composite; more are answered with BUSY. */
export const MAX_TILES_IN_FLIGHT = 4;
/** Binary frames a side may send before it needs credit, unless hello or welcome says otherwise. */
export const INITIAL_CREDIT = 16;
/** A sender pauses while more than this waits in its socket. */
export const HIGH_WATER_BYTES = 4 * 1024 * 1024;

/** WebSocket close codes of our own. Before any in the 4000s an `error` message says why. */
export const CLOSE_CODES = {
  normal: 1000,
  goingAway: 1001,
  protocolError: 4000,
  unauthorised: 4001,
  unavailable: 4002,
} as const;
