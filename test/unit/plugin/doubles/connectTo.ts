import { CompanionClient } from '@emoeditor/plugin/client/companionClient.ts';
import { manualClock } from './manualClock.ts';
import { memorySettings, memoryTokens } from './memoryStores.ts';
import { KEY, type ScriptedServer } from './scriptedServer.ts';

/** A panel's client that looks for the scripted server, with the clock and the stores that it has. */
export function connectTo(
  server: Pick<ScriptedServer, 'open'>,
  token: string | null = KEY,
  port?: string,
) {
  const clock = manualClock();
  const settings = memorySettings(port === undefined ? {} : { port });
  const tokens = memoryTokens(token);
  const client = new CompanionClient({
    open: server.open,
    tokens,
    settings,
    clock,
    client: { name: 'test', version: '0.0.0' },
  });
  return { client, clock, settings, tokens };
}
