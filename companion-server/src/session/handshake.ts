import {
  INITIAL_CREDIT,
  PROTOCOL_VERSION,
  ProtocolError,
  type ServerMessage,
} from '@emoeditor/shared';
import type { EngineInfo } from '../engine/engine.ts';

export interface ServerName {
  readonly name: string;
  readonly version: string;
}

export function notYetWelcome(type: string): ProtocolError {
  return new ProtocolError({
    code: 'UNAUTHORISED',
    message: `Expected a paired panel to say hello before anything else but received ${type}.`,
    hint: 'Connect the panel again.',
    retryable: false,
  });
}

/**
 * @param origin the client's, as its upgrade said
 * @param renewed whether the client's key has a new one in its place
 */
export function welcome(
  server: ServerName,
  { bundle, provider, instructions }: EngineInfo,
  { origin, renewed }: { readonly origin: string | undefined; readonly renewed: boolean },
): ServerMessage {
  const { id, name, kind, workingArea, sizeMultiple, licence, limits } = bundle;
  return {
    type: 'welcome',
    protocol: PROTOCOL_VERSION,
    server: { name: server.name, version: server.version },
    bundle: {
      ...{ id, name, kind, workingArea, sizeMultiple, licence, limits },
      ...(instructions === undefined ? {} : { instructions: [...instructions] }),
    },
    provider: {
      name: provider.name,
      reason: provider.reason,
      refused: provider.refused.map(({ name, reason }) => ({ name, reason })),
    },
    ...(origin === undefined ? {} : { origin }),
    ...(renewed ? { renewed } : {}),
    credit: INITIAL_CREDIT,
  };
}
