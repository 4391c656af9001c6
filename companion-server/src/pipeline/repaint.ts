import { type EditRequest, type EmotionVector, targetDistribution } from '@emoeditor/shared';
import { createScheduler } from '../schedulers/createScheduler.ts';
import { type Ablation, createConditioner } from './ablation.ts';
import { decode } from './decode.ts';
import { denoise } from './denoise.ts';
import type { Picture } from './edit.ts';
import { emotionDirection } from './emotionDirection.ts';
import { encode } from './encode.ts';
import type { ModelSet } from './modelPorts.ts';
import { PipelineError } from './pipelineError.ts';
import { prepareLatents } from './prepareLatents.ts';
import { imageOf } from './preprocess.ts';
import { tiledUNet } from './tiledUnet.ts';

export interface RepaintJob {
  /** The photograph; sides are multiples of the bundle's. */
  readonly source: Picture;
  /** The edit so far, of the same size. */
  readonly start: Picture;
  /** [H · W], 1 where the start may be repainted. */
  readonly mask: Uint8Array;
  /** The predictor's reading of the photograph. */
  readonly distribution: EmotionVector;
}

/** All planar RGB [3, H, W] in [0, 1], through the VAE: compared with each other its own blur cancels. */
export interface Repainted {
  readonly decodedSource: Float32Array;
  readonly decodedStart: Float32Array;
  readonly decoded: Float32Array;
}

/** Paints what an edit has added once more, larger than the model was trained at. */
export interface Repainter {
  /**
   * @param progress steps done of how many
   * @throws PipelineError BAD_PICTURE; the signal's reason within one step once aborted
   */
  repaint(
    request: EditRequest,
    job: RepaintJob,
    progress: (done: number, steps: number) => void,
    signal: AbortSignal,
  ): Promise<Repainted>;
}

export interface RepainterParts {
  readonly models: Omit<ModelSet, 'release' | 'provider'>;
  readonly ablation?: Ablation;
}

/** Pixels per latent. */
const SCALE = 8;
/** Steps, and the training timestep of the first: late enough to leave every shape where it is. */
const STEPS = 5;
const START = 300;
/** Share of a tile that overlaps the next. */
const OVERLAP = 1 / 4;

export function createRepainter({ models, ablation = {} }: RepainterParts): Repainter {
  return {
    async repaint(request, { source, start, mask, distribution }, progress, signal) {
      const { width, height } = source;
      if (start.width !== width || start.height !== height || mask.length !== width * height) {
        throw new PipelineError(
          'BAD_PICTURE',
          `Expected a start and a mask of ${width} × ${height} pixels but received ${start.width} × ${start.height} and ${mask.length} mask values.`,
          'Scale all to one size first.',
        );
      }
      const conditioner = createConditioner(models, request, ablation);
      const imageLatents = await encode(models.vae, imageOf(source));
      signal.throwIfAborted();
      const latents = await encode(models.vae, imageOf(start));
      signal.throwIfAborted();
      const scheduler = createScheduler('dpmSolver++', {
        spacing: 'trailing',
        steps: STEPS,
        trainTimesteps: START,
      });
      const direction = emotionDirection(targetDistribution(request.target), distribution);
      const plan = { start: latents, startStep: 0, direction, guidanceScale: 1 };
      const [tokens] = await conditioner.encode([plan], 0);
      if (tokens === undefined) throw new RangeError('Expected tokens for the direction.');
      const side = Math.round(Math.sqrt(models.info.workingArea) / SCALE);
      const unet = tiledUNet(models.unet, {
        side,
        overlap: Math.round(side * OVERLAP),
        wanted: latentMask(mask, width, height),
      });
      const lane = {
        latents: prepareLatents(scheduler, latents, 0, {
          seed: request.seed,
          iteration: 0,
          candidate: 0,
        }),
        startStep: 0,
        conditioning: { ...tokens, imageLatents },
        guidance: conditioner.guidance.at(1),
      };
      const clean = await denoise(unet, scheduler, [lane], {
        signal,
        isOutOfTime: () => false,
        onStep: (done) => progress(done, STEPS),
      });
      const [repainted] = clean ?? [];
      if (repainted === undefined) throw new RangeError('Expected the repainted latents.');
      return {
        decodedSource: (await decode(models.vae, imageLatents)).data,
        decodedStart: (await decode(models.vae, latents)).data,
        decoded: (await decode(models.vae, repainted)).data,
      };
    },
  };
}

/** 1 where any of a latent's pixels may be repainted. */
function latentMask(mask: Uint8Array, width: number, height: number): Uint8Array {
  const columns = width / SCALE;
  const out = new Uint8Array(columns * (height / SCALE));
  for (const [i, value] of mask.entries()) {
    if (value === 0) continue;
    const x = Math.floor((i % width) / SCALE);
    const y = Math.floor(i / width / SCALE);
    out[y * columns + x] = 1;
  }
  return out;
}
