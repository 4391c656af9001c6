import { CompanionClient } from '@emoeditor/plugin/client/companionClient.ts';
import { type ClientMessage, type PixelBuffer, SRGB_PROFILE } from '@emoeditor/shared';
import { type ManualClock, manualClock, settled } from './manualClock.ts';
import { memorySettings, memoryTokens } from './memoryStores.ts';
import { KEY, type ScriptedServer, scriptedServer } from './scriptedServer.ts';

/** A client that has shaken hands with a scripted server. */
export interface ConnectedClient {
  readonly server: ScriptedServer;
  readonly clock: ManualClock;
  readonly client: CompanionClient;
  /** What the server was sent, of one type. */
  sent(type: ClientMessage['type']): ClientMessage[];
}

export const proxy: PixelBuffer = {
  format: { width: 4, height: 2, channels: 3, sample: 'uint8', range: 255, profile: SRGB_PROFILE },
  data: Uint8Array.from({ length: 24 }, (_, i) => i),
};

export async function connectedClient(): Promise<ConnectedClient> {
  const server = scriptedServer();
  const clock = manualClock();
  const client = new CompanionClient({
    open: server.open,
    tokens: memoryTokens(KEY),
    settings: memorySettings(),
    clock,
    client: { name: 'test', version: '0.0.0' },
  });
  await settled();
  const sent = (type: ClientMessage['type']) =>
    server.received.map(({ message }) => message).filter((message) => message.type === type);
  return { server, clock, client, sent };
}
