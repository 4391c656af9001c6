/** A real companion server in a process of its own, and the panel's client connected to it over the socket. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { CompanionClient } from '@emoeditor/plugin/client/companionClient.ts';
import type { WebSocketLike } from '@emoeditor/plugin/client/webSocketTransport.ts';
import { webSocketOpener } from '@emoeditor/plugin/client/webSocketTransport.ts';
import { systemClock } from '@emoeditor/plugin/clock.ts';
import { WebSocket } from 'ws';

interface Started {
  readonly port: number;
  /** Pairs one client. */
  readonly code: string;
  readonly enginePid: number | null;
}

export interface ConnectedCompanion {
  readonly client: CompanionClient;
  readonly serverPid: number | undefined;
  readonly enginePid: number | null;
  close(): void;
}

/** @param bundle folder of a model bundle; the one that comes with the server when left out */
export async function connectedCompanion(bundle?: string): Promise<ConnectedCompanion> {
  const server = fork(
    fileURLToPath(new URL('./server.mts', import.meta.url)),
    bundle === undefined ? [] : [bundle],
    { execArgv: ['--import', 'tsx'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  );
  const started = await new Promise<Started>((resolve) => server.once('message', resolve as never));
  let key: string | null = null;
  const client = new CompanionClient({
    open: webSocketOpener(
      () => new WebSocket(`ws://127.0.0.1:${started.port}/v1`) as unknown as WebSocketLike,
      systemClock,
    ),
    tokens: {
      read: async () => key,
      write: async (made) => {
        key = made;
      },
      clear: async () => {},
    },
    settings: { read: () => null, write: () => {} },
    clock: systemClock,
    client: { name: 'bench', version: '1' },
  });
  await client.pair(started.code);
  await new Promise<void>((resolve) => {
    const stop = client.watch(() => {
      if (client.connection.kind === 'ready') {
        stop();
        resolve();
      }
    });
  });
  return {
    client,
    serverPid: server.pid,
    enginePid: started.enginePid,
    close() {
      client.close();
      server.disconnect();
    },
  };
}
