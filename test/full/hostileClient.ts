import { setTimeout as sleep } from 'node:timers/promises';
import {
  abortFrame,
  type ClientMessageInput,
  encodeFrame,
  type PixelFormat,
  SRGB_PROFILE,
} from '@emoeditor/shared';
import fc from 'fast-check';
import { WebSocket } from 'ws';
import { helloOf, proofFor } from '../fakes/introduceTo.ts';

/** How the bytes that belong to a message arrive. */
const way = fc.constantFrom('whole', 'whole', 'whole', 'cut', 'abort', 'none', 'wrong', 'long');
type Way = typeof way extends fc.Arbitrary<infer T> ? T : never;
const side = fc.constantFrom(16, 24, 64, 96);
const nth = fc.nat({ max: 3 });
const intensity = fc.constantFrom(0, 0.5, 1, 1.5);
const kind = <Name extends string>(...names: Name[]) => fc.constantFrom(...names);
const often = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });

/**
 * What a client does in a session: mostly messages that the protocol allows, about jobs and composites of its own, but
 * in an order and with pixels that it does not allow.
 */
const step = fc.oneof(
  often(4, fc.record({ do: kind('submit'), way, side, key: nth, hasRegion: fc.boolean() })),
  often(2, fc.record({ do: kind('predict'), way, side })),
  often(3, fc.record({ do: kind('openComposite'), nth, iteration: nth, intensity })),
  often(4, fc.record({ do: kind('tile'), nth, way, left: kind('0', '0', '8', '-1', '70000') })),
  often(1, fc.record({ do: kind('readLayer'), nth, iteration: nth, intensity })),
  often(2, fc.record({ do: kind('cancel', 'release', 'resume', 'closeComposite'), nth })),
  often(1, fc.record({ do: kind('credit'), frames: fc.constantFrom(1, 16, 2 ** 31) })),
  often(3, fc.record({ do: kind('wait'), ms: fc.constantFrom(1, 5, 20) })),
  often(1, fc.record({ do: kind('hello', 'pause', 'garbage', 'noise') })),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** One session of a client that has the key, or of one that has not. */
export const hostileSession = fc.record({
  isPaired: fc.oneof(often(4, fc.constant(true)), often(1, fc.constant(false))),
  steps: fc.array(step, { maxLength: 14 }),
  ending: fc.constantFrom('close', 'terminate'),
});
export type HostileSession = typeof hostileSession extends fc.Arbitrary<infer T> ? T : never;

/** Plays a session; resolves when its connection is gone. */
export async function playSession(port: number, session: HostileSession): Promise<void> {
  const client = new HostileClient(port);
  await client.opened;
  if (session.isPaired) await client.introduce();
  for (const one of session.steps) await client.play(one);
  await client.end(session.ending);
}

const format = (width: number, channels = 3): PixelFormat => ({
  ...{ width, height: width, channels: channels as 3 | 4 },
  ...{ sample: 'uint8', range: 255, profile: SRGB_PROFILE },
});

class HostileClient {
  readonly opened: Promise<void>;
  readonly #socket: WebSocket;
  readonly #closed: Promise<void>;
  readonly #jobs: string[] = [];
  readonly #composites: string[] = [];
  #stream = 0;
  #welcomed: () => void = () => {};

  constructor(port: number) {
    this.#socket = new WebSocket(`ws://127.0.0.1:${port}/v1`);
    this.#socket.on('error', () => {});
    this.#closed = new Promise((resolve) => this.#socket.once('close', () => resolve()));
    // A server that has no room refuses, which is an answer too.
    this.opened = Promise.race([
      new Promise<void>((resolve) => this.#socket.once('open', () => resolve())),
      this.#closed,
    ]);
    this.#socket.on('message', (data, isBinary) => {
      if (!isBinary) this.#hear(JSON.parse(String(data)));
    });
  }

  async introduce(): Promise<void> {
    const welcomed = new Promise<void>((resolve) => {
      this.#welcomed = resolve;
    });
    this.#say(helloOf());
    await Promise.race([welcomed, this.#closed]);
  }

  async end(how: 'close' | 'terminate'): Promise<void> {
    this.#socket.resume();
    if (how === 'close') this.#socket.close();
    else this.#socket.terminate();
    await this.#closed;
  }

  async play(one: Step): Promise<void> {
    switch (one.do) {
      case 'submit':
      case 'predict':
        return this.#sendPicture(one);
      case 'tile':
        return this.#sendTile(one);
      case 'openComposite': {
        const { iteration, intensity } = one;
        const extent = { width: 64, height: 64 };
        const jobId = nthOf(this.#jobs, one.nth);
        return this.#say({
          ...{ type: 'openComposite', requestId: 'c', jobId, iteration, intensity, extent },
        });
      }
      case 'readLayer': {
        const { iteration, intensity } = one;
        const jobId = nthOf(this.#jobs, one.nth);
        return this.#say({ type: 'readLayer', requestId: 'l', jobId, iteration, intensity });
      }
      case 'resume':
        return this.#say({ type: 'resume', jobId: nthOf(this.#jobs, one.nth), iterationsSeen: 0 });
      case 'cancel':
      case 'release':
        return this.#say({ type: one.do, jobId: nthOf(this.#jobs, one.nth) });
      case 'closeComposite':
        return this.#say({ type: one.do, compositeId: nthOf(this.#composites, one.nth) });
      case 'credit':
        return this.#say({ type: 'credit', frames: one.frames });
      case 'wait':
        return void (await Promise.race([sleep(one.ms), this.#closed]));
      case 'hello':
        return this.#say(helloOf());
      case 'pause':
        return this.#socket.pause();
      case 'garbage':
        return this.#send('{"type":"submit","requestId":');
      case 'noise':
        return this.#send(Uint8Array.of(0x45, 0x4d, 0x4f, 0x46, 1, 2, 3));
    }
  }

  #hear(message: { readonly type: string } & Record<string, unknown>): void {
    if (message.type === 'challenge') this.#say(proofFor(message as never));
    if (message.type === 'welcome') this.#welcomed();
    if (message.type === 'jobQueued') this.#jobs.push(String(message['jobId']));
    if (message.type === 'compositeOpened') this.#composites.push(String(message['compositeId']));
  }

  #sendPicture(one: Extract<Step, { do: 'submit' | 'predict' }>): void {
    this.#stream += 1;
    const stream = this.#stream;
    const channels = one.do === 'submit' && one.hasRegion ? 4 : 3;
    const proxy = format(one.side, channels);
    if (one.do === 'predict') this.#say({ type: 'predict', requestId: 'p', proxy, stream });
    else {
      // Some sessions submit what another has submitted.
      const jobKey = one.key === 0 ? { jobKey: '5'.repeat(32) } : {};
      const edit = { target: { kind: 'emotion', emotion: 'awe' } } as const;
      this.#say({ type: 'submit', requestId: 's', ...jobKey, edit, proxy, stream });
    }
    this.#sendBytes(stream, one.side * one.side * channels, one.way);
  }

  #sendTile(one: Extract<Step, { do: 'tile' }>): void {
    this.#stream += 1;
    const bounds = { left: Number(one.left), top: 0, width: 32, height: 32 };
    const compositeId = nthOf(this.#composites, one.nth);
    const pixels = format(32);
    this.#say({ type: 'tile', compositeId, bounds, pixels, stream: this.#stream });
    this.#sendBytes(this.#stream, 32 * 32 * 3, one.way);
  }

  #sendBytes(stream: number, length: number, how: Way): void {
    if (how === 'abort') this.#send(abortFrame(stream));
    if (how === 'none' || how === 'abort') return;
    const total = how === 'long' ? length + 5 : length;
    const bytes = new Uint8Array(total).fill(how.length);
    const half = Math.floor(total / 2);
    const piece = (sequence: number, offset: number, end: number) =>
      encodeFrame({ stream, sequence, total, offset, payload: bytes.subarray(offset, end) });
    this.#send(piece(0, 0, half));
    if (how === 'cut') return;
    const rest = piece(1, half, total);
    if (how === 'wrong') rest[rest.length - 1] = 1;
    this.#send(rest);
  }

  #say(message: ClientMessageInput): void {
    this.#send(JSON.stringify(message));
  }

  #send(data: string | Uint8Array): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(data, () => {});
  }
}

/** One of its own, or an id that is nobody's. */
const nthOf = (ids: readonly string[], index: number): string => ids[index] ?? 'nobody';
