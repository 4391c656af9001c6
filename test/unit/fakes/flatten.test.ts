import {
  createFlattener,
  type Edges,
  flatten,
  type LayerContent,
  newLayer,
  Raster,
} from '@emoeditor/fake-photoshop';
import { describe, expect, it } from 'vitest';

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

describe('the flattener', () => {
  const size = { width: 600, height: 300, depth: 8 } as const;
  const whole: Edges = { left: 0, top: 0, right: size.width, bottom: size.height };
  const filled = (channels: number, area: Edges, value: number) =>
    new Raster(8, channels).write(
      area,
      new Uint8Array((area.right - area.left) * (area.bottom - area.top) * channels).fill(value),
    );
  const part = { left: 250, top: 40, right: 270, bottom: 280 };
  const background = newLayer(8, { pixels: filled(4, whole, 90) });
  const layer = newLayer(8, { pixels: filled(4, part, 200) });
  const states: readonly (readonly LayerContent[])[] = [
    [background],
    [layer, background],
    [{ ...layer, opacity: 50 }, background],
    [{ ...layer, mask: new Raster(8, 1, { blank: 255 }) }, background],
    [{ ...layer, mask: filled(1, { ...part, right: 260 }, 128) }, background],
    [{ ...layer, mask: filled(1, part, 0), isMaskEnabled: false }, background],
    [newLayer(8, { kind: 'group', children: [layer] }), background],
    [
      {
        ...layer,
        pixels: layer.pixels.write({ ...part, bottom: 60 }, new Uint8Array(20 * 20 * 4)),
      },
      background,
    ],
    [layer, { ...background, visible: false }],
    [background],
  ];

  it('shows every state as it would be flattened alone', () => {
    const again = createFlattener();
    for (const layers of states) {
      const content = { layers, activeIds: [], selection: null };
      expect(again({ content, facts: size })).toEqual(flatten(content, 8, whole));
    }
  });

  it('forgets a document of another size', () => {
    const again = createFlattener();
    const content = { layers: [background], activeIds: [], selection: null };
    again({ content, facts: size });
    const small = { width: 20, height: 10, depth: 8 } as const;
    expect(again({ content, facts: small })).toEqual(
      flatten(content, 8, { left: 0, top: 0, right: 20, bottom: 10 }),
    );
  });
});
