import { rowOf, stack } from '../tensor/ops.ts';
import { type Tensor, tensor } from '../tensor/tensor.ts';
import type { Conditioning, Guidance } from './guidance/guidance.ts';
import type { UNet } from './modelPorts.ts';

/** Conditioning and guidance of one lane. */
export interface Guided {
  readonly conditioning: Conditioning;
  readonly guidance: Guidance;
}

/** The lanes that take a step together, each with one row or more. */
export interface UNetBatch {
  readonly rows: number;
  /** True if the batch was made for these lanes with the same guidance. */
  isOf(lanes: readonly Guided[]): boolean;
  /**
   * @param samples noisy latents of each lane, [1, c, h, w]
   * @returns guided noise prediction of each lane
   */
  predict(unet: UNet, timestep: number, samples: readonly Tensor[]): Promise<Float32Array[]>;
}

/**
 * One batch for as many steps as its lanes stay the same: the tokens and the picture's latents are laid out once, and
 * only the noisy latents are written at each step.
 */
export function createUNetBatch(lanes: readonly Guided[]): UNetBatch {
  const rowsOfLane = lanes.map(({ guidance, conditioning }) => guidance.rows(conditioning));
  const rows = rowsOfLane.flat();
  const input = besideNoise(rows.map(({ imageLatents }) => imageLatents));
  const tokens = { ...stack(rows.map((row) => row.tokens)), isFixed: true };
  return {
    rows: rows.length,
    isOf: (others) =>
      others.length === lanes.length &&
      others.every(
        ({ conditioning, guidance }, k) =>
          conditioning === lanes[k]?.conditioning && guidance === lanes[k]?.guidance,
      ),
    async predict(unet, timestep, samples) {
      let row = 0;
      for (const [lane, { length }] of rowsOfLane.entries()) {
        const { data } = samples[lane] as Tensor;
        for (let k = 0; k < length; k++) rowOf(input, row++).data.set(data);
      }
      const noisePred = await unet.predictNoise(input, timestep, tokens);
      row = 0;
      return lanes.map(({ guidance }, lane) =>
        guidance.combine((rowsOfLane[lane] ?? []).map(() => rowOf(noisePred, row++).data)),
      );
    },
  };
}

/** Source latents of each row, [1, c, h, w] → [n, 2c, h, w], with room before them for the noisy latents of a step. */
function besideNoise(pictures: readonly Tensor[]): Tensor {
  const [, c = 0, h = 0, w = 0] = pictures[0]?.dims ?? [];
  const size = c * h * w;
  const data = new Float32Array(pictures.length * 2 * size);
  for (const [row, picture] of pictures.entries()) data.set(picture.data, (2 * row + 1) * size);
  return tensor(data, [pictures.length, 2 * c, h, w]);
}
