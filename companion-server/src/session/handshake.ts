import {
  type ClientMessage,
  INITIAL_CREDIT,
  PROTOCOL_VERSION,
  ProtocolError,
  type ServerMessage,
} from '@emoeditor/shared';
import type { EngineInfo } from '../engine/engine.ts';
import type { PairingGate } from './pairingGate.ts';

export type Hello = Extract<ClientMessage, { type: 'hello' }>;

export interface ServerName {
  readonly name: string;
  readonly version: string;
}

/**
 * Protocol and token, in this order: a client of another version must hear that, not that its code is wrong.
 * @throws ProtocolError PROTOCOL_MISMATCH, UNAUTHORISED, BUSY
 */
export async function checkHello(hello: Hello, gate: PairingGate): Promise<void> {
  if (hello.protocol !== PROTOCOL_VERSION) {
    throw new ProtocolError({
      code: 'PROTOCOL_MISMATCH',
      message: `Expected protocol ${PROTOCOL_VERSION} but the panel speaks ${hello.protocol}.`,
      hint:
        hello.protocol > PROTOCOL_VERSION
          ? 'Update the companion server to the release of the panel.'
          : 'Update the panel to the release of the companion server.',
      retryable: false,
    });
  }
  if (await gate.judge(hello.token)) return;
  throw new ProtocolError({
    code: 'UNAUTHORISED',
    message: 'Expected the pairing code of this companion server but received another.',
    hint: 'Enter the pairing code that the server shows when it starts.',
    retryable: false,
  });
}

export function notYetWelcome(type: string): ProtocolError {
  return new ProtocolError({
    code: 'UNAUTHORISED',
    message: `Expected hello with the pairing code before anything else but received ${type}.`,
    hint: 'Connect the panel again.',
    retryable: false,
  });
}

export function welcome(server: ServerName, { bundle, provider }: EngineInfo): ServerMessage {
  const { id, name, kind, workingArea, sizeMultiple, licence, limits } = bundle;
  return {
    type: 'welcome',
    protocol: PROTOCOL_VERSION,
    server: { name: server.name, version: server.version },
    bundle: { id, name, kind, workingArea, sizeMultiple, licence, limits },
    provider: {
      name: provider.name,
      reason: provider.reason,
      refused: provider.refused.map(({ name, reason }) => ({ name, reason })),
    },
    credit: INITIAL_CREDIT,
  };
}
