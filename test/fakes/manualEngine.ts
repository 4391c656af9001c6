import type { EditFit } from '@emoeditor/companion-server/compositor/fit/fitEdit.ts';
import type { EditSummary, Engine, EngineInfo } from '@emoeditor/companion-server/engine/engine.ts';
import type {
  EditEvents,
  Editor,
  IterationPictures,
  Picture,
} from '@emoeditor/companion-server/pipeline/edit.ts';
import type { EditRequest, IterationReport, Progress } from '@emoeditor/shared';

/** An edit that a test drives by hand. */
export interface ManualEdit {
  readonly request: EditRequest;
  readonly proxy: Picture;
  readonly signal: AbortSignal;
  progress(fraction: number, more?: Partial<Progress>): void;
  /** `isDecoded`: by the VAE itself, not by a tiny decoder. */
  iteration(index: number, isDecoded?: boolean): void;
  succeed(chosen?: number): void;
  fail(error: unknown): void;
}

export interface ManualEngine extends Engine, Pick<Editor, 'decode'> {
  /** Edits begun, in order; an aborted one ends by itself unless `isDeaf`. */
  readonly edits: ManualEdit[];
  readonly fitted: Array<{ edit: IterationPictures; profile: string }>;
  /** What `ready` answers. */
  info: EngineInfo | Error;
  isDeaf: boolean;
  /** Every tile waits for this before it is answered, inverted: 255 − sample, at any intensity. */
  gate: Promise<void>;
  predictError: Error | null;
}

const EVEN = Array<number>(8).fill(1 / 8);

export function createManualEngine(): ManualEngine {
  const engine: ManualEngine = {
    edits: [],
    fitted: [],
    isDeaf: false,
    gate: Promise.resolve(),
    predictError: null,
    info: {
      bundle: {
        id: 'manual',
        name: 'Manual',
        version: '1.0.0',
        kind: 'emotion-direction',
        latentChannels: 4,
        workingArea: 4096,
        sizeMultiple: 32,
        content: true,
        licence: 'MIT',
        limits: 'Does nothing by itself.',
      },
      provider: {
        name: 'manual',
        reason: 'a test asked for it',
        refused: [{ name: 'abacus', reason: 'no beads' }],
      },
    },
    async ready() {
      if (engine.info instanceof Error) throw engine.info;
      return engine.info;
    },
    edit: (request, proxy, events, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => {
          if (!engine.isDeaf) reject(signal.reason);
        });
        engine.edits.push(
          manualEdit({ request, proxy, signal }, events, { succeed: resolve, fail: reject }),
        );
      }),
    async predict() {
      if (engine.predictError !== null) throw engine.predictError;
      return EVEN;
    },
    decode: async () => new Float32Array(3 * 32 * 32),
    async fit(edit, profile) {
      engine.fitted.push({ edit, profile });
      return { profile, extent: edit.extent } as EditFit;
    },
    async composite(_fit, tile) {
      await engine.gate;
      return { format: tile.format, data: tile.data.map((sample) => 255 - sample) };
    },
    close: async () => {},
  };
  return engine;
}

function manualEdit(
  start: Pick<ManualEdit, 'request' | 'proxy' | 'signal'>,
  events: EditEvents,
  end: { succeed(summary: EditSummary): void; fail(error: unknown): void },
): ManualEdit {
  const extent = { width: 32, height: 32 };
  const sources = {
    extent,
    source: new Float32Array(3 * 32 * 32),
    decodedSource: new Float32Array(3 * 32 * 32),
    region: null,
  };
  const decodedEdit = (index: number) => new Float32Array(3 * 32 * 32).fill(index / 10);
  return {
    ...start,
    progress: (fraction, more = {}) =>
      events.progress({
        stage: 'denoise',
        iteration: 0,
        maxIterations: 4,
        step: 1,
        steps: 8,
        fraction,
        ...more,
      }),
    iteration: (index, isDecoded = true) =>
      events.iteration(
        reportOf(index),
        { ...extent, rgb: new Uint8Array(3 * 32 * 32).fill(index * 40) },
        {
          ...sources,
          delivery: { strength: 1, content: true },
          decodedEdit: isDecoded ? decodedEdit(index) : { latents: new Float32Array(4 * 4 * 4) },
        },
      ),
    succeed: (chosen = 0) =>
      end.succeed({
        chosen,
        outcome: { kind: 'convinced', reason: 'The test says so.' },
        sourceDistribution: EVEN,
        unetEvaluations: 24,
        timings: { denoise: 1 },
      }),
    fail: end.fail,
  };
}

function reportOf(index: number): IterationReport {
  return {
    index,
    distribution: EVEN,
    pTarget: 0.125,
    ssim: 0.6,
    verdict: 'confidenceTooLow',
    unetEvaluations: 12,
  };
}
