/** Other ways to upscale the model's small picture, each as its authors describe it. All pixels RGB, 8 bit. */

import type { WorkingEdit } from '@emoeditor/companion-server/compositor/compositor.ts';
import { plainArithmetic } from '@emoeditor/companion-server/compositor/fit/plainArithmetic.ts';
import {
  guidedCoefficients,
  lumaPlane,
  type Plane,
} from '@emoeditor/companion-server/compositor/planes.ts';
import { compositeImage } from '@emoeditor/companion-server/compositor/tile/compositeImage.ts';
import { createCompositor } from '@emoeditor/companion-server/compositor/tile/tileCompositor.ts';
import { type Extent, measureGrain, type PixelBuffer, SRGB_PROFILE } from '@emoeditor/shared';
import sharp from 'sharp';

export interface Photograph {
  readonly extent: Extent;
  /** Interleaved RGB. */
  readonly rgb: Uint8Array;
}

export interface Upscaler {
  readonly name: string;
  apply(photo: Photograph, edit: WorkingEdit): Promise<Uint8Array>;
}

/** Planar [3, H, W] in [0, 1] → interleaved bytes. */
export function toBytes(planar: Float32Array): Uint8Array {
  const count = planar.length / 3;
  const out = new Uint8Array(planar.length);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < 3; k++) {
      out[i * 3 + k] = Math.round(255 * Math.min(1, Math.max(0, planar[k * count + i] as number)));
    }
  }
  return out;
}

const lanczos: Upscaler = {
  name: 'Lanczos',
  apply: (photo, edit) =>
    sharp(toBytes(edit.decodedEdit), { raw: { ...edit.extent, channels: 3 } })
      .resize(photo.extent.width, photo.extent.height, { fit: 'fill', kernel: 'lanczos3' })
      .raw()
      .toBuffer(),
};

/** Kopf et al. 2007, Joint Bilateral Upsampling: σ of half a small pixel in space, 0.1 in the guide's luma. */
const jointBilateral: Upscaler = {
  name: 'joint bilateral upsampling',
  async apply({ extent, rgb }, { extent: small, source, decodedEdit }) {
    const [radius, spatial, range] = [2, 0.5, 0.1];
    const guide = lumaPlane(source);
    const count = small.width * small.height;
    const out = new Uint8Array(rgb.length);
    const likeness = Float32Array.from({ length: 1024 }, (_, i) =>
      Math.exp(-0.5 * (i / 1023 / range) ** 2),
    );
    for (let y = 0; y < extent.height; y++) {
      const v = ((y + 0.5) * small.height) / extent.height - 0.5;
      for (let x = 0; x < extent.width; x++) {
        const u = ((x + 0.5) * small.width) / extent.width - 0.5;
        const at = (y * extent.width + x) * 3;
        const luma = lumaAt(rgb, at);
        const sum = [0, 0, 0];
        let total = 0;
        for (let j = Math.round(v) - radius; j <= Math.round(v) + radius; j++) {
          const row = Math.min(small.height - 1, Math.max(0, j)) * small.width;
          for (let i = Math.round(u) - radius; i <= Math.round(u) + radius; i++) {
            const from = row + Math.min(small.width - 1, Math.max(0, i));
            const unlike = Math.abs((guide[from] as number) - luma);
            const near = Math.exp(-((i - u) ** 2 + (j - v) ** 2) / (2 * spatial ** 2));
            const weight = near * (likeness[Math.round(unlike * 1023)] as number) + 1e-12;
            total += weight;
            for (let k = 0; k < 3; k++) {
              sum[k] = (sum[k] as number) + weight * (decodedEdit[k * count + from] as number);
            }
          }
        }
        for (let k = 0; k < 3; k++) out[at + k] = Math.round(((sum[k] as number) / total) * 255);
      }
    }
    return out;
  },
};

/** He & Sun 2015, Fast Guided Filter: each channel explained by itself, r = 4 small pixels, ε = 0.02². */
const guidedFilter: Upscaler = {
  name: 'guided filter',
  async apply({ extent, rgb }, { extent: small, source, decodedEdit }) {
    const count = small.width * small.height;
    const out = new Uint8Array(rgb.length);
    for (let k = 0; k < 3; k++) {
      const plane = (from: Float32Array) => from.subarray(k * count, (k + 1) * count);
      const fit = guidedCoefficients(
        plane(source),
        plane(decodedEdit),
        small,
        4,
        0.02 ** 2,
        plainArithmetic,
      );
      eachBilinear(extent, small, (to, corners, weights) => {
        const value = (rgb[to * 3 + k] as number) / 255;
        const mixed = (coefficient: Plane) =>
          corners.reduce(
            (sum, from, i) => sum + (weights[i] as number) * (coefficient[from] as number),
            0,
          );
        const wanted = mixed(fit.slope) * value + mixed(fit.offset);
        out[to * 3 + k] = Math.round(255 * Math.min(1, Math.max(0, wanted)));
      });
    }
    return out;
  },
};

const ours: Upscaler = {
  name: 'grade and content',
  async apply({ extent, rgb }, edit) {
    const format = { ...extent, channels: 3, sample: 'uint8', range: 255 } as const;
    const page: PixelBuffer = { format: { ...format, profile: SRGB_PROFILE }, data: rgb };
    const settings = { intensity: 1, grain: measureGrain([page]) };
    const signal = new AbortController().signal;
    const { data } = await compositeImage(createCompositor(edit).apply, page, settings, signal);
    return data as Uint8Array;
  },
};

export const UPSCALERS: readonly Upscaler[] = [lanczos, jointBilateral, guidedFilter, ours];

export const lumaAt = (rgb: Uint8Array, at: number) =>
  (0.25 * (rgb[at] as number) + 0.5 * (rgb[at + 1] as number) + 0.25 * (rgb[at + 2] as number)) /
  255;

function eachBilinear(
  extent: Extent,
  small: Extent,
  visit: (to: number, corners: number[], weights: number[]) => void,
): void {
  const axis = (position: number, large: number, size: number) => {
    const at = Math.min(size - 1, Math.max(0, ((position + 0.5) * size) / large - 0.5));
    const low = Math.min(size - 2, Math.floor(at));
    return { low, share: at - low };
  };
  const [corners, weights] = [
    [0, 0, 0, 0],
    [0, 0, 0, 0],
  ];
  for (let y = 0; y < extent.height; y++) {
    const { low: v, share: fy } = axis(y, extent.height, small.height);
    for (let x = 0; x < extent.width; x++) {
      const { low: u, share: fx } = axis(x, extent.width, small.width);
      const from = v * small.width + u;
      corners.splice(0, 4, from, from + 1, from + small.width, from + small.width + 1);
      weights.splice(0, 4, (1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy);
      visit(y * extent.width + x, corners, weights);
    }
  }
}
