import {
  type ClientMessageInput,
  INITIAL_CREDIT,
  PROTOCOL_VERSION,
  type ServerMessage,
  type WireChannel,
  type WireError,
} from '@emoeditor/shared';
import type { Clock } from '../clock.ts';
import type { ServerIdentity } from './companion.ts';

export type ClientChannel = WireChannel<ServerMessage, ClientMessageInput>;

export type HandshakeOutcome =
  | { readonly kind: 'welcome'; readonly server: ServerIdentity }
  | { readonly kind: 'error'; readonly error: WireError }
  /** Whatever listens there is no companion server. */
  | { readonly kind: 'silent' };

/** A wrong code is answered late on purpose (SE4), so this is longer than any honest answer takes. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** Says hello and hears the answer. Call it in the turn in which the channel was made. */
export function shakeHands(
  channel: ClientChannel,
  hello: { readonly token: string; readonly name: string; readonly version: string },
  clock: Clock,
): Promise<HandshakeOutcome> {
  return new Promise((resolve) => {
    const settle = (outcome: HandshakeOutcome) => {
      stopWaiting();
      resolve(outcome);
    };
    const stopWaiting = clock.after(HANDSHAKE_TIMEOUT_MS, () => {
      settle({ kind: 'silent' });
      channel.close();
    });
    channel.onClose = () => settle({ kind: 'silent' });
    channel.onFault = () => settle({ kind: 'silent' });
    channel.onMessage = (message) => {
      if (message.type === 'welcome') {
        const { type: _type, credit: _credit, ...server } = message;
        settle({ kind: 'welcome', server });
      } else if (message.type === 'error') {
        settle({ kind: 'error', error: message.error });
      }
    };
    channel.send({
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      token: hello.token,
      client: { name: hello.name, version: hello.version },
      credit: INITIAL_CREDIT,
    });
  });
}
