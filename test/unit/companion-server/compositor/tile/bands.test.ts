import { bandsOf, joinedBands } from '@emoeditor/companion-server/compositor/tile/bands.ts';
import { createCompositor } from '@emoeditor/companion-server/compositor/tile/tileCompositor.ts';
import type { PixelBuffer, PixelFormat } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';
import { documentOf, landscape, tinted, WHOLE, withDisc, workingEdit } from '../scenes.ts';

const compositor = createCompositor(
  workingEdit(
    landscape,
    withDisc(tinted(landscape, [0.6, 0.8, 1], [0.1, 0, 0]), [0.4, 0.5], 0.1, [1, 0.2, 0.2]),
  ),
);
const FORMATS: Array<Partial<PixelFormat>> = [
  { sample: 'uint8', range: 255, channels: 4 },
  { sample: 'uint16', range: 32768, channels: 3 },
  { sample: 'float32', range: 1, channels: 4 },
];

describe.each(FORMATS)('bands of $sample × $channels', (format) => {
  const page = documentOf(landscape, format);

  it.each([2, 3, 5])('give the bits of the whole tile, %i of them', (count) => {
    const bands = bandsOf(page, WHOLE, count);
    expect(bands).toHaveLength(count);
    for (const part of ['all', 'content'] as const) {
      const settings = { intensity: 1.1, grain: 0.01, part };
      const made = bands.map(({ tile, place }) => compositor.apply(tile, place, settings));
      expect(joinedBands(made as [PixelBuffer, ...PixelBuffer[]])).toEqual(
        compositor.apply(page, WHOLE, settings),
      );
    }
  });
});

describe('a tile that stays whole', () => {
  const page = documentOf(landscape);

  it('is one too small to share', () => {
    const format = { ...page.format, height: 40 };
    const tile = { format, data: page.data.slice(0, format.width * 40 * 3) };
    const place = { ...WHOLE, bounds: { ...WHOLE.bounds, height: 40 } };
    expect(bandsOf(tile, place, 4)).toEqual([{ tile, place }]);
  });

  it('is one that is not what it says, which the compositor refuses', () => {
    const tile = { format: page.format, data: page.data.slice(3) };
    expect(bandsOf(tile, WHOLE, 4)).toEqual([{ tile, place: WHOLE }]);
  });
});
