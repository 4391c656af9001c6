import { createInProcessQueue } from '@emoeditor/companion-server/jobs/inProcessQueue.ts';
import { createJobs, type JobLimits } from '@emoeditor/companion-server/jobs/jobs.ts';
import { SILENT } from '@emoeditor/companion-server/log.ts';
import { createPairingCodes } from '@emoeditor/companion-server/session/pairingCodes.ts';
import { createPairings } from '@emoeditor/companion-server/session/pairings.ts';
import { openSession } from '@emoeditor/companion-server/session/session.ts';
import {
  type ClientMessageInput,
  createClientChannel,
  createLinkedPair,
  createServerChannel,
  type ServerMessage,
  SRGB_PROFILE,
} from '@emoeditor/shared';
import { vi } from 'vitest';
import { helloOf, PAIRING, proofFor } from '../../../fakes/introduceTo.ts';
import { createManualEngine } from '../../../fakes/manualEngine.ts';

export const CODE = '7K3MQX9TRB';
export const PROXY = {
  width: 32,
  height: 32,
  channels: 3,
  sample: 'uint8',
  range: 255,
  profile: SRGB_PROFILE,
} as const;
export const AWE = { target: { kind: 'emotion', emotion: 'awe' } } as const;
export const HELLO = helloOf();

type OpenComposite = Extract<ClientMessageInput, { type: 'openComposite' }>;
type Of<Type extends ServerMessage['type']> = Extract<ServerMessage, { type: Type }>;

/** A server without a socket, to which any number of clients connect. */
export function startCompanion(limits: Partial<JobLimits> = {}) {
  const engine = createManualEngine();
  const jobs = createJobs({
    engine,
    queue: createInProcessQueue(),
    encodePreview: async ({ rgb }) => Uint8Array.of(0xff, 0xd8, rgb[0]!),
    limits,
  });
  const pairings = createPairings(null);
  const codes = createPairingCodes({ delayMs: 1, typed: CODE });
  const known = pairings.add(PAIRING, 'test');
  const server = { name: 'companion', version: '1.2.3' };
  const sleep = async () => {};

  function connect() {
    const [near, far] = createLinkedPair();
    openSession(createServerChannel({ transport: far, sleep }), {
      jobs,
      engine,
      pairings,
      codes,
      server,
      log: SILENT,
      recheckMs: 50,
    });
    const channel = createClientChannel({ transport: near, sleep });
    const heard: ServerMessage[] = [];
    const pixels = new Map<ServerMessage, Uint8Array>();
    const closed: number[] = [];
    channel.onMessage = (message, bytes) => {
      heard.push(message);
      if (bytes !== null) pixels.set(message, bytes);
    };
    channel.onClose = (code) => void closed.push(code);
    const of = <Type extends ServerMessage['type']>(type: Type) =>
      heard.filter((message): message is Of<Type> => message.type === type);
    /** The `count`-th message of a type, when it has come. */
    const hear = async <Type extends ServerMessage['type']>(type: Type, count = 1) =>
      vi.waitFor(() => {
        const found = of(type)[count - 1];
        if (found === undefined) {
          throw new Error(`No ${type}; heard ${heard.map((message) => message.type).join(', ')}`);
        }
        return found;
      });
    const say = (message: ClientMessageInput) => channel.send(message);
    return {
      near,
      channel,
      heard,
      pixels,
      closed,
      of,
      hear,
      say,
      async hello(more: Partial<ClientMessageInput & { type: 'hello' }> = {}) {
        await known;
        say({ ...HELLO, ...more });
        say(proofFor(await hear('challenge')));
        return hear('welcome');
      },
      /** Submits an edit of a grey square; resolves with its id. */
      async submit(requestId = 'r') {
        const count = of('jobQueued').filter((message) => message.requestId === requestId).length;
        await channel.sendWithBytes(
          (stream) => ({ type: 'submit', requestId, edit: AWE, proxy: PROXY, stream }),
          new Uint8Array(32 * 32 * 3).fill(128),
        );
        return vi.waitFor(() => {
          const queued = of('jobQueued').filter((message) => message.requestId === requestId);
          if (queued.length <= count) throw new Error('not queued yet');
          return queued.at(-1)!.jobId;
        });
      },
      async openComposite(jobId: string, more: Partial<OpenComposite> = {}) {
        const requestId = `composite ${of('compositeOpened').length}`;
        say({
          type: 'openComposite',
          requestId,
          jobId,
          iteration: 0,
          intensity: 1,
          extent: { width: 100, height: 80 },
          ...more,
        });
        const opened = await vi.waitFor(() => {
          const found = of('compositeOpened').find((message) => message.requestId === requestId);
          if (found === undefined) throw new Error('not open yet');
          return found;
        });
        return opened.compositeId;
      },
      /** Sends a tile of 8 × 8 whose samples are all `value`. */
      tile(compositeId: string, value: number, more: { left?: number; size?: number } = {}) {
        const { left = 0, size = 8 } = more;
        return channel.sendWithBytes(
          (stream) => ({
            type: 'tile',
            compositeId,
            bounds: { left, top: 0, width: size, height: 8 },
            pixels: { ...PROXY, width: size, height: 8 },
            stream,
          }),
          new Uint8Array(size * 8 * 3).fill(value),
        );
      },
    };
  }
  return { engine, jobs, pairings, codes, connect };
}

/** Lets everything happen that needs no timer. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}
