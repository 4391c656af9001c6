import { fitEdit } from '@emoeditor/companion-server/compositor/fit/fitEdit.ts';
import {
  compositorOf,
  referenceCompositorOf,
} from '@emoeditor/companion-server/compositor/tile/tileCompositor.ts';
import { hasTileKernel } from '@emoeditor/companion-server/compositor/tile/tileKernel.ts';
import type { PixelFormat } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';
import {
  DOCUMENT,
  documentOf,
  landscape,
  tileOf,
  tinted,
  WHOLE,
  withDisc,
  workingEdit,
} from '../scenes.ts';

const edit = workingEdit(
  landscape,
  withDisc(tinted(landscape, [0.5, 0.7, 1.1], [0.1, 0, 0]), [0.6, 0.6], 0.1, [1, 0.3, 0.2]),
);
const fit = fitEdit(edit);

/** Greatest difference from the reference: a rounding step of float32 that happens to cross a level. */
const FORMATS: Array<[Partial<PixelFormat>, number]> = [
  [{ sample: 'uint8', range: 255, channels: 3 }, 1],
  [{ sample: 'uint8', range: 255, channels: 4 }, 1],
  [{ sample: 'uint16', range: 32768, channels: 3 }, 2],
  [{ sample: 'uint16', range: 65535, channels: 4 }, 2],
  [{ sample: 'float32', range: 1, channels: 3 }, 4e-6],
  [{ sample: 'float32', range: 1, channels: 4 }, 4e-6],
];

describe('the vectorised kernel', () => {
  it('is what compositorOf uses here', () => {
    expect(hasTileKernel()).toBe(true);
    expect(fit.content).not.toBeNull();
  });

  it.each(FORMATS)('agrees with the plain arithmetic: %o', (format, tolerance) => {
    const page = documentOf(landscape, format);
    const plain = referenceCompositorOf(fit).apply(page, WHOLE, { intensity: 1.1 }).data;
    const vectorised = compositorOf(fit).apply(page, WHOLE, { intensity: 1.1 }).data;
    let worst = 0;
    let differing = 0;
    for (let i = 0; i < plain.length; i++) {
      const difference = Math.abs(plain[i]! - vectorised[i]!);
      worst = Math.max(worst, difference);
      if (difference > 0) differing++;
    }
    expect(worst).toBeLessThanOrEqual(tolerance);
    if (format.sample === 'uint8') expect(differing / plain.length).toBeLessThan(1e-3);
  });

  it('keeps samples outside the range of a float document, and NaN, where nothing changes', () => {
    const still = compositorOf(fitEdit(workingEdit(landscape, landscape)));
    const page = documentOf(landscape, { sample: 'float32', range: 1 });
    const odd = [-0, -0.5, 1.75, Number.NaN, Number.POSITIVE_INFINITY];
    for (const [i, value] of odd.entries()) page.data[i * 3] = value;
    const { data } = still.apply(page, WHOLE, { intensity: 1 });
    for (const [i, value] of odd.entries()) expect(Object.is(data[i * 3], value)).toBe(true);
  });

  it('never brightens past the range nor clips what the photograph had above it', () => {
    const page = documentOf(landscape, { sample: 'float32', range: 1 });
    page.data[0] = 3;
    const { data } = compositorOf(fit).apply(page, WHOLE, { intensity: 1.5 });
    let greatest = 0;
    for (let i = 1; i < data.length; i++) greatest = Math.max(greatest, data[i]!);
    expect(greatest).toBeLessThanOrEqual(1);
    expect(data[0]).toBeGreaterThan(1);
  });

  it('serves tiles of any size one after the other', () => {
    const compositor = compositorOf(fit);
    const page = documentOf(landscape, { channels: 4 });
    const whole = compositor.apply(page, WHOLE, { intensity: 1 });
    for (const [left, top, width, height] of [
      [0, 0, 1, 1],
      [DOCUMENT.width - 1, DOCUMENT.height - 1, 1, 1],
      [17, 3, 301, 77],
      [0, 100, DOCUMENT.width, 1],
    ] as const) {
      const bounds = { left, top, width, height };
      const tile = tileOf(page, left, top, width, height);
      const { data } = compositor.apply(tile, { bounds, extent: DOCUMENT }, { intensity: 1 });
      const expected = tileOf(whole, left, top, width, height).data;
      expect(Buffer.compare(data as Uint8Array, expected as Uint8Array)).toBe(0);
    }
  });
});
