import { createServer } from 'node:http';
import { createApp } from '@emoeditor/companion-server/http/createApp.ts';
import { listen } from '@emoeditor/companion-server/http/listen.ts';
import { createMetrics } from '@emoeditor/companion-server/http/metrics.ts';
import { createWireServer } from '@emoeditor/companion-server/http/wireServer.ts';
import { createInProcessQueue } from '@emoeditor/companion-server/jobs/inProcessQueue.ts';
import { createJobs } from '@emoeditor/companion-server/jobs/jobs.ts';
import { type Log, SILENT } from '@emoeditor/companion-server/log.ts';
import { createPairingCodes } from '@emoeditor/companion-server/session/pairingCodes.ts';
import { createPairings } from '@emoeditor/companion-server/session/pairings.ts';
import { encodeFrame } from '@emoeditor/shared';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { hostileRequests, sendRaw } from '../../../fakes/hostileRequests.ts';
import { helloOf, PAIRING, proofFor } from '../../../fakes/introduceTo.ts';
import { createManualEngine } from '../../../fakes/manualEngine.ts';

/** `npm run test:chaos` sets more. */
const { EMOEDITOR_CHAOS_RUNS = '30' } = process.env as { readonly EMOEDITOR_CHAOS_RUNS?: string };
const RUNS = Number(EMOEDITOR_CHAOS_RUNS);
/** A machine under load takes longer, not another way. */
const PATIENCE = 60_000 + RUNS * 1000;

let port = 0;
const faults: object[] = [];
const ends: Array<() => unknown> = [];
/** What would have ended a server of its own. */
const rejections: unknown[] = [];
const rejected = (reason: unknown) => void rejections.push(reason);

beforeAll(async () => {
  process.on('unhandledRejection', rejected);
  const engine = createManualEngine();
  const jobs = createJobs({
    engine,
    queue: createInProcessQueue(),
    encodePreview: async () => new Uint8Array(1),
  });
  const log: Log = { ...SILENT, error: (facts) => void faults.push(facts) };
  const server = { name: 'companion', version: '1.2.3' };
  const http = createServer(
    createApp({
      port: () => port,
      server,
      studioFolder: 'nowhere',
      metrics: createMetrics({ jobsWaiting: () => 0, connections: () => 0 }),
      engineState: () => ({ state: 'starting' }),
      log,
    }),
  );
  const pairings = createPairings(null);
  await pairings.add(PAIRING, 'test');
  const codes = createPairingCodes({ delayMs: 0 });
  const session = { jobs, engine, pairings, codes, server, log };
  const wire = createWireServer({ http, port: () => port, session });
  port = await listen(http, 0);
  ends.push(
    () => jobs.close(),
    () => wire.close(),
    () => http.close(),
  );
});
afterAll(async () => {
  process.removeListener('unhandledRejection', rejected);
  for (const end of ends) await end();
});

/** One client that is paired and gets its answers. */
async function paired(): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v1`);
  const heard = () =>
    new Promise<{ type: string }>((resolve, reject) => {
      socket.once('message', (text) => resolve(JSON.parse(String(text))));
      socket.once('close', () => reject(new Error('closed')));
    });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.send(JSON.stringify(helloOf()));
  socket.send(JSON.stringify(proofFor((await heard()) as Parameters<typeof proofFor>[0])));
  expect((await heard()).type).toBe('welcome');
  return socket;
}

async function expectWell(): Promise<void> {
  const socket = await paired();
  socket.terminate();
  expect(faults).toEqual([]);
  expect(rejections).toEqual([]);
}

const { bytes } = hostileRequests(() => port);
const id = fc.oneof(fc.constantFrom('x', 'nobody'), fc.string({ maxLength: 120 }));
const pixels = fc.record({
  width: fc.integer({ min: -1, max: 70_000 }),
  height: fc.integer({ min: -1, max: 70_000 }),
  channels: fc.constantFrom(1, 2, 3, 4),
  sample: fc.constantFrom('uint8', 'uint16', 'float32', 'x'),
  range: fc.constantFrom(1, 255, 32768),
  profile: fc.constantFrom('sRGB IEC61966-2.1', 'x'),
});
const hex = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('hex'));
const edit = fc.constant({ target: { kind: 'emotion', emotion: 'awe' } });
const stream = fc.integer({ min: -1, max: 6 });
/** Messages of the protocol, with one field or another out of place. */
const message = fc.oneof(
  fc.record({ type: fc.constant('submit'), requestId: id, edit, proxy: pixels, stream }),
  fc.record({ type: fc.constant('predict'), requestId: id, proxy: pixels, stream }),
  fc.record({ type: fc.constantFrom('cancel', 'release'), jobId: id }),
  fc.record({ type: fc.constant('resume'), jobId: id, iterationsSeen: fc.integer() }),
  fc.record({ type: fc.constant('credit'), frames: fc.integer() }),
  fc.record({ type: fc.constant('ping'), nonce: fc.double() }),
  fc.record({ type: fc.constantFrom('proof', 'pairProof'), proof: hex }),
  fc.record({
    type: fc.constant('pair'),
    protocol: fc.constant(1),
    code: fc.constantFrom('typed', 'link'),
    client: fc.constant({ name: 'x', version: '1' }),
    session: hex,
    share: hex,
  }),
  fc.constant(helloOf()),
  fc.json(),
);
const frame = fc
  .record({
    stream,
    sequence: fc.integer({ min: 0, max: 3 }),
    total: fc.integer({ min: 0, max: 4000 }),
    offset: fc.integer({ min: 0, max: 4000 }),
    payload: fc.uint8Array({ maxLength: 300 }),
  })
  .map((facts) => encodeFrame({ ...facts, stream: Math.max(0, facts.stream) }));
const said = fc.oneof(
  message.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))),
  frame,
  fc.uint8Array({ maxLength: 100 }),
);

describe('SE7: whatever comes, the server goes on serving others', () => {
  it('bytes instead of HTTP, and HTTP that is nearly right', { timeout: PATIENCE }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(bytes, { minLength: 1, maxLength: 4 }), async (sessions) => {
        await Promise.all(sessions.map((pieces) => sendRaw(port, pieces)));
        await expectWell();
      }),
      { numRuns: RUNS },
    );
  });

  it('messages and frames of strangers and of paired clients', { timeout: PATIENCE }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(said, { maxLength: 30 }), async (isKnown, all) => {
        const socket = isKnown ? await paired() : new WebSocket(`ws://127.0.0.1:${port}/v1`);
        socket.on('error', () => {});
        if (!isKnown) await new Promise((resolve) => socket.once('open', resolve));
        for (const one of all) socket.send(one);
        const closed = new Promise((resolve) => socket.once('close', resolve));
        socket.close();
        await closed;
        await expectWell();
      }),
      { numRuns: RUNS },
    );
  });
});
