import { SILENT } from '@emoeditor/companion-server/log.ts';
import {
  type Authentication,
  createAuthentication,
} from '@emoeditor/companion-server/session/authentication.ts';
import { createPairingCodes } from '@emoeditor/companion-server/session/pairingCodes.ts';
import { createPairings, type Pairings } from '@emoeditor/companion-server/session/pairings.ts';
import type { ServerIdentity } from '@emoeditor/plugin/client/companion.ts';
import type { OpenTransport } from '@emoeditor/plugin/client/openTransport.ts';
import {
  type ClientMessage,
  createLinkedPair,
  createServerChannel,
  formatPairingKey,
  ProtocolError,
  type ServerMessage,
  type WireChannel,
  type WireError,
} from '@emoeditor/shared';
import { PAIRING } from '../../../fakes/introduceTo.ts';

/** Pairs a panel with the scripted server; the key of one that is paired already is {@link KEY}. */
export const CODE = '7K3MQX9TRB';
export const KEY = formatPairingKey(PAIRING);
export const OTHER_ERROR: WireError = {
  code: 'MODEL_MISSING',
  message: 'Expected a bundle but found none.',
  hint: 'Import one.',
  retryable: true,
};

/** What the scripted server says of itself. */
export const IDENTITY: ServerIdentity = {
  protocol: 1,
  server: { name: 'scripted', version: '0.1.0' },
  bundle: {
    id: 'starter',
    name: 'Starter',
    kind: 'starter',
    workingArea: 65536,
    sizeMultiple: 32,
    licence: 'MIT',
    limits: '',
  },
  provider: { name: 'CPU', reason: '' },
};

/** The server's end of every connection that the panel opens, for a test to script. */
export interface ScriptedServer {
  /** Ports that answer. */
  ports: number[];
  /** What `hello` is answered with instead of welcome. */
  refusal: WireError | null;
  /** Its clock, in milliseconds. */
  now: number;
  readonly pairings: Pairings;
  /** It has no welcome yet: its models load. */
  isSlow: boolean;
  readonly open: OpenTransport;
  readonly tried: number[];
  /** All that was understood, over all connections. */
  readonly received: { message: ClientMessage; bytes: Uint8Array | null }[];
  /** Newest connection. */
  readonly channel: WireChannel<ClientMessage, ServerMessage>;
  /** Answers a message; hello and ping are answered already. */
  onMessage: (message: ClientMessage, bytes: Uint8Array | null) => void;
  sendPreview(jobId: string, index: number, patch?: object): Promise<void>;
}

export const DISTRIBUTION = [0.1, 0.1, 0.3, 0.1, 0.1, 0.1, 0.1, 0.1];

export function reportOf(index: number, patch: object = {}) {
  return {
    index,
    distribution: DISTRIBUTION,
    pTarget: 0.3,
    ssim: 0.7,
    verdict: 'confidenceTooLow' as const,
    unetEvaluations: 4,
    ...patch,
  };
}

export function scriptedServer(ports: number[] = [8765]): ScriptedServer {
  let channel: WireChannel<ClientMessage, ServerMessage> | null = null;
  let stream = 0;
  const pairings = createPairings(null, SILENT, () => server.now);
  const codes = createPairingCodes({ typed: CODE, delayMs: 0 });
  const server: ScriptedServer = {
    ports,
    refusal: null,
    isSlow: false,
    now: 0,
    pairings,
    tried: [],
    received: [],
    onMessage: () => {},
    get channel() {
      if (channel === null) throw new Error('Nobody is connected.');
      return channel;
    },
    async open(port) {
      server.tried.push(port);
      if (!server.ports.includes(port)) throw new Error('refused');
      const [panelEnd, serverEnd] = createLinkedPair();
      const mine = createServerChannel({ transport: serverEnd, sleep: async () => {} });
      stream = 0;
      channel = mine;
      const authentication = createAuthentication({ pairings, codes });
      mine.onMessage = (message, bytes) => {
        server.received.push({ message, bytes });
        if (isIntroduction(message)) void greet(server, mine, authentication, message);
        else if (message.type === 'ping') mine.send({ type: 'pong', nonce: message.nonce });
        else server.onMessage(message, bytes);
      };
      return panelEnd;
    },
    sendPreview: (jobId, index, patch = {}) =>
      server.channel.sendWithBytes(
        (number) => {
          stream = number;
          return {
            type: 'jobIteration',
            jobId,
            report: reportOf(index, patch),
            preview: { mime: 'image/jpeg', extent: { width: 64, height: 32 }, stream },
          };
        },
        Uint8Array.of(0xff, 0xd8, index),
      ),
  };
  void pairings.add(PAIRING, 'test');
  return server;
}

type Introduction = Extract<ClientMessage, { type: 'pair' | 'pairProof' | 'hello' | 'proof' }>;
const isIntroduction = (message: ClientMessage): message is Introduction =>
  ['pair', 'pairProof', 'hello', 'proof'].includes(message.type);

/** As a real server does, which see: session.ts. */
async function greet(
  server: ScriptedServer,
  channel: WireChannel<ClientMessage, ServerMessage>,
  authentication: Authentication,
  message: Introduction,
): Promise<void> {
  try {
    if (message.type === 'pair') channel.send(authentication.pair(message));
    else if (message.type === 'pairProof') channel.send(await authentication.pairProof(message));
    else if (server.refusal !== null) throw new ProtocolError(server.refusal);
    else if (message.type === 'hello') channel.send(await authentication.hello(message));
    else {
      authentication.proof(message);
      const renewed = await authentication.renew();
      if (!server.isSlow) channel.send({ type: 'welcome', ...IDENTITY, renewed, credit: 16 });
    }
  } catch (error) {
    const wire = (error as ProtocolError).toWire();
    channel.send({ type: 'error', error: wire });
    channel.close(wire.code === 'UNAUTHORISED' ? 4001 : 4002, wire.code);
  }
}
