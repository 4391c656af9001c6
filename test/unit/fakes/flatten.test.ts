import { describe, expect, it } from 'vitest';
import { flatten, type LayerContent, newLayer, Raster } from '../../fakes/photoshop/index.ts';

describe('flatten', () => {
  const AREA = { left: 0, top: 0, right: 1, bottom: 1 };
  const pixel = (grey: number, alpha = 255) =>
    new Raster(8, 4).write(AREA, Uint8Array.of(grey, grey, grey, alpha));
  const mask = (weight: number) => new Raster(8, 1).write(AREA, Uint8Array.of(weight));
  const shown = (layers: readonly LayerContent[]) =>
    flatten({ layers, activeIds: [], selection: null }, 8, AREA).rgba[0];

  it('lets a clipped layer change the base’s colour, and the base’s mask decide how much shows', () => {
    const below = newLayer(8, { pixels: pixel(0) });
    const base = newLayer(8, { pixels: pixel(100), mask: mask(51) });
    const clipped = newLayer(8, { pixels: pixel(200, 128), isClippingMask: true });
    // 100 + 128/255 · (200 − 100) = 150.2; a fifth of that over black.
    expect(shown([clipped, base, below])).toBe(30);
    expect(shown([clipped, { ...base, visible: false }, below])).toBe(0);
    expect(shown([{ ...clipped, visible: false }, base, below])).toBe(20);
    const group = newLayer(8, { kind: 'group', children: [clipped, base] });
    expect(shown([group, below])).toBe(30);
  });
});
