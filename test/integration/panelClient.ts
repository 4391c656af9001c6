import { CompanionClient } from '@emoeditor/plugin/client/companionClient.ts';
import {
  type WebSocketLike,
  webSocketOpener,
} from '@emoeditor/plugin/client/webSocketTransport.ts';
import { systemClock } from '@emoeditor/plugin/clock.ts';
import { vi } from 'vitest';
import { WebSocket } from 'ws';
import { url } from './companion.ts';

const panels: CompanionClient[] = [];

/** For `afterEach`: ends the panels that tests have opened. */
export function closePanels(): void {
  for (const panel of panels.splice(0)) panel.close();
}

/** The panel's own client; whatever port it looks at, that server answers. */
export function panelOf(server: { readonly port: number }) {
  const sockets: WebSocket[] = [];
  const create = () => {
    const socket = new WebSocket(url(server));
    sockets.push(socket);
    return socket as unknown as WebSocketLike;
  };
  let token: string | null = null;
  const panel = new CompanionClient({
    open: webSocketOpener(create, systemClock),
    tokens: {
      read: async () => token,
      write: async (code) => {
        token = code;
      },
      clear: async () => {
        token = null;
      },
    },
    settings: { read: () => null, write: () => {} },
    clock: systemClock,
    client: { name: 'panel', version: '1.0.0' },
  });
  panels.push(panel);
  const become = (kind: CompanionClient['connection']['kind']) =>
    vi.waitFor(() => {
      if (panel.connection.kind !== kind) throw new Error(`It is ${panel.connection.kind}.`);
    }, 20_000);
  return { panel, sockets, become };
}
