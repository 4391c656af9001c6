import type { WorkingEdit } from '@emoeditor/companion-server/compositor/compositor.ts';
import { ssim } from '@emoeditor/companion-server/pipeline/critic/ssim.ts';
import { tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import type { Extent } from '@emoeditor/shared';
import sharp from 'sharp';
import { lumaAt, type Photograph, toBytes } from './upscalers.mts';

/** Peak signal-to-noise ratio in dB; Infinity for equal pictures. `counts` leaves pixels out. */
export function psnr(a: Uint8Array, b: Uint8Array, counts?: (pixel: number) => boolean): number {
  let sum = 0;
  let samples = 0;
  for (let at = 0; at < a.length; at += 3) {
    if (counts !== undefined && !counts(at / 3)) continue;
    for (let k = at; k < at + 3; k++) sum += ((a[k] as number) - (b[k] as number)) ** 2;
    samples += 3;
  }
  return 10 * Math.log10(255 ** 2 / (sum / samples));
}

/** Structural similarity of the luma at full resolution, as the critic has it. */
export function similarity(a: Uint8Array, b: Uint8Array, extent: Extent): number {
  const luma = (rgb: Uint8Array) => {
    const channels = new Float32Array(rgb.length);
    const count = rgb.length / 3;
    for (let i = 0; i < rgb.length; i++) channels[i] = lumaAt(rgb, (i % count) * 3);
    return tensor(channels, [1, 3, extent.height, extent.width]);
  };
  return ssim(luma(a), luma(b), 7);
}

/** Correlation of the luma's gradients: 1 when every edge and texture is where it was, whatever its contrast. */
export function gradientCorrelation(a: Uint8Array, b: Uint8Array, { width, height }: Extent) {
  let [ab, aa, bb] = [0, 0, 0];
  for (let y = 0; y < height - 1; y++) {
    for (let x = 0; x < width - 1; x++) {
      const at = (y * width + x) * 3;
      for (const next of [at + 3, at + width * 3]) {
        const [u, v] = [lumaAt(a, next) - lumaAt(a, at), lumaAt(b, next) - lumaAt(b, at)];
        ab += u * v;
        aa += u * u;
        bb += v * v;
      }
    }
  }
  return ab / Math.sqrt(aa * bb);
}

/** How much of the edit is there: the result made small again against what the model gave, in dB. */
export async function faithfulness(result: Uint8Array, { extent }: Photograph, edit: WorkingEdit) {
  const small = await sharp(result, { raw: { ...extent, channels: 3 } })
    .resize(edit.extent.width, edit.extent.height, { fit: 'fill', kernel: 'cubic' })
    .raw()
    .toBuffer();
  return psnr(small, toBytes(edit.decodedEdit));
}
