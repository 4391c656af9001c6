import type { ServerIdentity } from '@emoeditor/plugin/client/companion.ts';
import type { OpenTransport } from '@emoeditor/plugin/client/openTransport.ts';
import {
  type ClientMessage,
  createLinkedPair,
  createServerChannel,
  normalisePairingCode,
  type ServerMessage,
  type WireChannel,
  type WireError,
} from '@emoeditor/shared';

export const TOKEN = '7K3MQX9TRB';
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
  const server: ScriptedServer = {
    ports,
    refusal: null,
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
      mine.onMessage = (message, bytes) => {
        server.received.push({ message, bytes });
        if (message.type === 'hello') greet(server, mine, message.token);
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
  return server;
}

function greet(
  server: ScriptedServer,
  channel: WireChannel<ClientMessage, ServerMessage>,
  token: string,
): void {
  const wrong = normalisePairingCode(token) !== TOKEN;
  const error: WireError | null = wrong
    ? { code: 'UNAUTHORISED', message: 'Wrong code.', hint: 'Type it again.', retryable: true }
    : server.refusal;
  if (error !== null) {
    channel.send({ type: 'error', error });
    channel.close(wrong ? 4001 : 4002, error.code);
    return;
  }
  channel.send({ type: 'welcome', ...IDENTITY, credit: 16 });
}
