// A worker or a gateway in a process of its own, which tests may kill: argv is a JSON of settings.
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { openGateway } from '@emoeditor/companion-server/cluster/gateway/openGateway.ts';
import { openWorker } from '@emoeditor/companion-server/cluster/worker/openWorker.ts';
import type { Engine } from '@emoeditor/companion-server/engine/engine.ts';
import { SILENT } from '@emoeditor/companion-server/log.ts';
import type { Picture } from '@emoeditor/companion-server/pipeline/edit.ts';
import { editRequestSchema } from '@emoeditor/shared';
import { createManualEngine } from '../fakes/manualEngine.ts';

export interface ClusterChildSettings {
  readonly role: 'worker' | 'gateway';
  readonly url: string;
  /** Of the worker, or the artist of the gateway. */
  readonly name: string;
}

/** An edit that a gateway is asked for. */
export interface ChildEdit {
  readonly key: string;
  /** 16 bits; the seed, and what the proxy is filled with. */
  readonly seed: number;
}

/** What a child tells. */
export type ChildNews =
  | { readonly type: 'ready' }
  | { readonly type: 'started'; readonly seed: number }
  | {
      readonly type: 'ended';
      readonly key: string;
      readonly pictures: string | null;
      readonly error: string | null;
    };

const SIDE = 64;
/** Of an edit: long enough that kills meet it. */
const STEPS = 10;
const STEP_MS = 40;
const ITERATIONS = 2;

const bytesFrom = (text: string, length: number) =>
  new Uint8Array(createHash('shake256', { outputLength: length }).update(text).digest());

export const proxyOf = (seed: number): Picture => ({
  ...{ width: SIDE, height: SIDE },
  rgb: bytesFrom(`proxy ${seed}`, SIDE * SIDE * 3),
});

/** What any worker makes of a proxy, so that a wrong picture is noticed. */
const pictureOf = ({ rgb }: Picture, index: number) =>
  bytesFrom(`${createHash('sha256').update(rgb).digest('hex')} ${index}`, SIDE * SIDE * 3);

/** What a gateway must have in hand in the end. */
export const picturesOf = (seed: number): string =>
  digest(Array.from({ length: ITERATIONS }, (_, index) => pictureOf(proxyOf(seed), index)));

function digest(pictures: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const picture of pictures) hash.update(picture);
  return hash.digest('hex');
}

const tell = (news: ChildNews) => void process.send?.(news);

/** An engine of fixed speed. */
function scriptedEngine() {
  const manual = createManualEngine();
  const edit: Engine['edit'] = async (request, proxy, events, signal) => {
    tell({ type: 'started', seed: request.seed ?? 0 });
    const extent = { width: SIDE, height: SIDE };
    const planes = new Float32Array(3 * SIDE * SIDE);
    const sources = { extent, source: planes, decodedSource: planes, region: null };
    for (let step = 1; step <= STEPS; step++) {
      await pause(STEP_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
      events.progress({
        ...{ stage: 'denoise', iteration: 0, maxIterations: ITERATIONS, step, steps: STEPS },
        fraction: step / STEPS,
      });
      const index = step / (STEPS / ITERATIONS) - 1;
      if (!Number.isInteger(index)) continue;
      const report = {
        ...{ index, distribution: Array<number>(8).fill(1 / 8), pTarget: 0.1, ssim: 0.6 },
        ...{ verdict: 'confidenceTooLow' as const, unetEvaluations: 1 },
      };
      const delivery = { strength: 1, content: true };
      const pictures = { ...sources, delivery, decodedEdit: planes };
      events.iteration(report, { ...extent, rgb: pictureOf(proxy, index) }, pictures);
    }
    return {
      ...{ chosen: ITERATIONS - 1, sourceDistribution: Array<number>(8).fill(1 / 8) },
      ...{ outcome: { kind: 'convinced' as const, reason: 'The test says so.' } },
      ...{ unetEvaluations: 2, timings: {} },
    };
  };
  return { ...manual, edit };
}

async function gatewayEdit(engine: Engine, { key, seed }: ChildEdit): Promise<void> {
  const request = editRequestSchema.parse({ target: { kind: 'emotion', emotion: 'awe' }, seed });
  const order = { id: key, queued() {}, started() {} };
  const made: Uint8Array[] = [];
  const events = {
    progress() {},
    iteration: (_report: unknown, { rgb }: Picture) => void made.push(rgb),
  };
  const { signal } = new AbortController();
  try {
    await engine.edit(request, proxyOf(seed), events, signal, order);
    tell({ type: 'ended', key, pictures: digest(made), error: null });
  } catch (error) {
    tell({ type: 'ended', key, pictures: null, error: String(error) });
  }
}

/** NATS may be away just now, or not have its streams back. */
async function untilOpen<T>(open: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (!['NATS_ABSENT', 'NO_JETSTREAM'].includes((error as { code?: string }).code ?? ''))
        throw error;
      await pause(100);
    }
  }
}

if (process.send !== undefined && process.argv[2] !== undefined) {
  const { role, url, name } = JSON.parse(process.argv[2]) as ClusterChildSettings;
  const common = { url, credentials: null, version: '0.1.0', log: SILENT } as const;
  process.on('disconnect', () => process.exit(0));
  if (role === 'worker') {
    await untilOpen(() => openWorker({ ...common, id: name, engine: scriptedEngine }));
  } else {
    const open = { ...common, artist: name, bundle: null };
    const engine = await untilOpen(() => openGateway(open));
    process.on('message', (edit: ChildEdit) => void gatewayEdit(engine, edit));
  }
  tell({ type: 'ready' });
}
