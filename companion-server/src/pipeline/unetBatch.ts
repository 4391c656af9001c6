import type { Conditioning } from '../guidance/guidance.ts';
import type { UNet } from '../models/modelPorts.ts';
import { concatChannels, rowOf, stack } from '../tensor/ops.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** The lanes that take a step together, each with one row or more. */
export interface UNetBatch {
  readonly lanes: number;
  readonly rows: number;
  /**
   * @param samples noisy latents of each lane, [1, c, h, w]
   * @returns noise predictions of each lane, one per row
   */
  predict(unet: UNet, timestep: number, samples: readonly Tensor[]): Promise<Float32Array[][]>;
}

/**
 * One batch for as many steps as its lanes stay the same: the tokens and the picture's latents are laid out once, and
 * only the noisy latents are written at each step.
 * @param lanes what each row of each lane is told
 */
export function createUNetBatch(lanes: readonly (readonly Conditioning[])[]): UNetBatch {
  const rows = lanes.flat();
  const input = stack(rows.map(({ imageLatents }) => concatChannels(imageLatents, imageLatents)));
  const tokens = stack(rows.map((row) => row.tokens));
  return {
    lanes: lanes.length,
    rows: rows.length,
    async predict(unet, timestep, samples) {
      let row = 0;
      for (const [lane, { length }] of lanes.entries()) {
        for (let k = 0; k < length; k++) {
          rowOf(input, row++).data.set((samples[lane] as Tensor).data);
        }
      }
      const noisePred = await unet.predictNoise(input, timestep, tokens);
      row = 0;
      return lanes.map((own) => own.map(() => rowOf(noisePred, row++).data));
    },
  };
}
