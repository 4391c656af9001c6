import type { EditPipelineParts } from '@emoeditor/companion-server/pipeline/editPipeline.ts';
import { scaledLinearSchedule } from '@emoeditor/companion-server/schedulers/noiseSchedule.ts';
import { rowOf } from '@emoeditor/companion-server/tensor/ops.ts';
import { type Tensor, tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import type { EmotionVector } from '@emoeditor/shared';

export const LATENT_CHANNELS = 4;
const TOKENS = 2;
const TOKEN_DIM = 8;

/** One UNet call as it was made. */
export interface UNetCall {
  readonly timestep: number;
  readonly rows: number;
  readonly sample: Tensor;
  readonly tokens: Tensor;
}

export interface ScriptedModels {
  readonly models: EditPipelineParts['models'];
  readonly unetCalls: UNetCall[];
  readonly directions: EmotionVector[];
  /** Runs inside every UNet call, while the caller waits: here a test cancels or lets the clock run. */
  duringStep: (call: UNetCall, index: number) => void | Promise<void>;
}

/**
 * Models without weights that behave like a backbone: the VAE averages 8 × 8 blocks and repeats them, the emotion
 * encoder repeats the direction as tokens, and the UNet predicts the noise that leads to the source's latents plus
 * the mean token, so every number of an edit can be foretold. Rows of a batch never mix.
 */
export function createScriptedModels(
  reading: EmotionVector = Array(8).fill(1 / 8),
): ScriptedModels {
  const { alphasCumprod } = scaledLinearSchedule();
  const unetCalls: UNetCall[] = [];
  const directions: EmotionVector[] = [];
  const scripted: ScriptedModels = {
    unetCalls,
    directions,
    duringStep: () => {},
    models: {
      info: {
        id: 'scripted',
        name: 'Scripted',
        version: '1.0.0',
        kind: 'emotion-direction',
        latentChannels: LATENT_CHANNELS,
        workingArea: 64 * 64,
        sizeMultiple: 32,
        content: true,
        licence: 'MIT',
        limits: 'none',
      },
      vae: {
        encode: async (image) => averageBlocks(image),
        decode: async (latents) => repeatBlocks(latents),
      },
      unet: {
        async predictNoise(sample, timestep, tokens) {
          const call = { timestep, rows: sample.dims[0] ?? 0, sample, tokens };
          unetCalls.push(call);
          await scripted.duringStep(call, unetCalls.length - 1);
          return noiseTowards(sample, tokens, alphasCumprod[Math.round(timestep)] as number);
        },
      },
      emotionEncoder: {
        async encode(batch) {
          const [n = 0] = batch.dims;
          const rows = Array.from({ length: n }, (_, i) => [...rowOf(batch, i).data]);
          directions.push(...rows);
          return tensor(Float32Array.from(rows.flatMap((row) => [...row, ...row])), [
            n,
            TOKENS,
            TOKEN_DIM,
          ]);
        },
      },
      predictor: {
        predict: async (image) => Array.from({ length: image.dims[0] ?? 0 }, () => [...reading]),
      },
    },
  };
  return scripted;
}

/** The same with a tiny decoder, whose pictures are a little darker than the VAE's. */
export function withTinyDecoder(scripted: ScriptedModels): ScriptedModels {
  const { models } = scripted;
  const tinyDecoder = {
    async decode(latents: Tensor) {
      const { data, dims } = await models.vae.decode(latents);
      return tensor(
        data.map((value) => value - 0.1),
        dims,
      );
    },
  };
  return { ...scripted, models: { ...models, tinyDecoder } };
}

/** [n, 3, H, W] → [n, 4, H/8, W/8]; the fourth channel is the mean of the three. */
function averageBlocks({ data, dims }: Tensor): Tensor {
  const [n = 0, , height = 0, width = 0] = dims;
  const h = height / 8;
  const w = width / 8;
  const out = new Float32Array(n * LATENT_CHANNELS * h * w);
  for (let i = 0; i < n; i++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const at = Math.floor(y / 8) * w + Math.floor(x / 8);
        for (let c = 0; c < 3; c++) {
          const value = data[((i * 3 + c) * height + y) * width + x]! / 64;
          out[(i * LATENT_CHANNELS + c) * h * w + at]! += value;
          out[(i * LATENT_CHANNELS + 3) * h * w + at]! += value / 3;
        }
      }
    }
  }
  return tensor(out, [n, LATENT_CHANNELS, h, w]);
}

function repeatBlocks({ data, dims }: Tensor): Tensor {
  const [n = 0, channels = 0, h = 0, w = 0] = dims;
  const out = new Float32Array(n * 3 * h * w * 64);
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < 3; c++) {
      for (let y = 0; y < h * 8; y++) {
        for (let x = 0; x < w * 8; x++) {
          out[((i * 3 + c) * h * 8 + y) * w * 8 + x] =
            data[((i * channels + c) * h + Math.floor(y / 8)) * w + Math.floor(x / 8)]!;
        }
      }
    }
  }
  return tensor(out, [n, 3, h * 8, w * 8]);
}

function noiseTowards(sample: Tensor, tokens: Tensor, alphaCumprod: number): Tensor {
  const [n = 0, doubled = 0, h = 0, w = 0] = sample.dims;
  const size = (doubled / 2) * h * w;
  const out = new Float32Array(n * size);
  for (let i = 0; i < n; i++) {
    const row = rowOf(sample, i).data;
    const own = rowOf(tokens, i).data;
    // Uneven weights: the plain sum of a direction is 0 whatever the target.
    const push = own.reduce((sum, value, k) => sum + value * (k + 1), 0) / own.length;
    for (let k = 0; k < size; k++) {
      const goal = row[size + k]! + 0.05 * push;
      out[i * size + k] = (row[k]! - Math.sqrt(alphaCumprod) * goal) / Math.sqrt(1 - alphaCumprod);
    }
  }
  return tensor(out, [n, doubled / 2, h, w]);
}
