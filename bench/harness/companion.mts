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
  /** Another client of the same server. */
  another(): Promise<CompanionClient>;
  close(): void;
}

/**
 * @param bundle folder of a model bundle; the one that comes with the server when left out
 * @param modelsModule what the engine loads instead of a bundle's models, see test/fakes/scriptedEngineModels.ts
 */
export async function connectedCompanion(
  bundle?: string,
  modelsModule?: string,
): Promise<ConnectedCompanion> {
  const words = [bundle, modelsModule].filter((word) => word !== undefined);
  const server = fork(fileURLToPath(new URL('./server.mts', import.meta.url)), words, {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const heard = <T,>() => new Promise<T>((resolve) => server.once('message', resolve as never));
  const started = await heard<Started>();
  const clients = [await clientOf(started.port, started.code)];
  const ask = () => {
    const answer = heard<Started>();
    server.send('facts');
    return answer;
  };
  const { enginePid } = await ask();
  return {
    client: clients[0] as CompanionClient,
    serverPid: server.pid,
    enginePid,
    async another() {
      const client = await clientOf(started.port, (await ask()).code);
      clients.push(client);
      return client;
    },
    close() {
      for (const client of clients) client.close();
      server.disconnect();
    },
  };
}

/** The panel's client of the server on that port, paired and connected. */
export async function clientOf(port: number, code: string): Promise<CompanionClient> {
  let key: string | null = null;
  const client = new CompanionClient({
    open: webSocketOpener(
      () => new WebSocket(`ws://127.0.0.1:${port}/v1`) as unknown as WebSocketLike,
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
  await client.pair(code);
  await new Promise<void>((resolve) => {
    const stop = client.watch(() => {
      if (client.connection.kind === 'ready') {
        stop();
        resolve();
      }
    });
  });
  return client;
}
