import { fitEdit } from '@emoeditor/companion-server/compositor/fit/fitEdit.ts';
import {
  compositorOf,
  referenceCompositorOf,
} from '@emoeditor/companion-server/compositor/tile/tileCompositor.ts';
import type { PixelBuffer } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';
import {
  DOCUMENT,
  documentOf,
  grain,
  type Scene,
  sharpness,
  tileOf,
  WHOLE,
  withDisc,
  workingEdit,
} from '../scenes.ts';

/** Structure that a new object hides, under even noise. Uniform noise of width w deviates by w/√12. */
const SIGMA = 0.012;
const structure: Scene = (u, v) => {
  const value = 0.45 + 0.2 * Math.sign(Math.sin(u * 70) * Math.sin(v * 50));
  return [value, value, value];
};
const noisy: Scene = (u, v) => {
  const noise =
    SIGMA * Math.sqrt(12) * grain(Math.floor(u * DOCUMENT.width), Math.floor(v * DOCUMENT.height));
  const [r, g, b] = structure(u, v);
  return [r + noise, g + noise, b + noise];
};
const centre = [0.5, 0.5] as const;
const radius = 0.2;
const fit = fitEdit(workingEdit(noisy, withDisc(noisy, centre, radius, [0.7, 0.3, 0.2])));
const page = documentOf(noisy, { sample: 'float32', range: 1 });
const compositor = compositorOf(fit);

/** Standard deviation of the noise in the middle of the new object, from the Laplacian of the green channel. */
function noiseInside(picture: PixelBuffer): number {
  const side = Math.round(radius * DOCUMENT.width * 0.8);
  const left = Math.round(centre[0] * DOCUMENT.width - side / 2);
  const top = Math.round(centre[1] * DOCUMENT.height - side / 2);
  // The Laplacian of white noise has 20 times its variance.
  return Math.sqrt(sharpness(picture, left, top, side, side) / 20);
}

describe('grain of new content', () => {
  it('is missing when none is asked for', () => {
    expect(noiseInside(compositor.apply(page, WHOLE, { intensity: 1 }))).toBeLessThan(SIGMA / 4);
  });

  it('is as strong as the photograph’s', () => {
    const result = noiseInside(compositor.apply(page, WHOLE, { intensity: 1, grain: SIGMA }));
    expect(result / SIGMA).toBeGreaterThan(0.8);
    expect(result / SIGMA).toBeLessThan(1.2);
  });

  it('is the same by the kernel and by the plain arithmetic', () => {
    const settings = { intensity: 1.2, grain: SIGMA };
    const plain = referenceCompositorOf(fit).apply(page, WHOLE, settings).data;
    const kernel = compositorOf(fit).apply(page, WHOLE, settings).data;
    let worst = 0;
    for (let i = 0; i < plain.length; i++)
      worst = Math.max(worst, Math.abs(plain[i]! - kernel[i]!));
    expect(worst).toBeLessThan(1e-4);
  });

  it('does not depend on the tiles', () => {
    const settings = { intensity: 1, grain: SIGMA };
    const whole = compositor.apply(page, WHOLE, settings);
    for (const [left, top, width, height] of [
      [200, 100, 91, 57],
      [291, 157, 3, 200],
    ] as const) {
      const bounds = { left, top, width, height };
      const place = { bounds, extent: DOCUMENT };
      const part = compositor.apply(tileOf(page, left, top, width, height), place, settings);
      expect(part.data).toEqual(tileOf(whole, left, top, width, height).data);
    }
  });

  it('leaves the rest of the picture as it is', () => {
    const without = compositor.apply(page, WHOLE, { intensity: 1 });
    const result = compositor.apply(page, WHOLE, { intensity: 1, grain: SIGMA });
    const strip = [0, 0, DOCUMENT.width, 30] as const;
    expect(tileOf(result, ...strip).data).toEqual(tileOf(without, ...strip).data);
  });

  it.each([-0.01, 0.3, Number.NaN])('is refused when it is %d', (amount) => {
    expect(() => compositor.apply(page, WHOLE, { intensity: 1, grain: amount })).toThrow(
      expect.objectContaining({ code: 'BAD_GRAIN' }),
    );
  });
});
