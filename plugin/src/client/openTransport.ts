import type { Transport } from '@emoeditor/shared';

/**
 * Opens one connection to the companion server on that port of this machine.
 * @throws PluginError NOT_CONNECTED when nothing answers there
 */
export type OpenTransport = (port: number) => Promise<Transport>;
