import { refinedMap } from '@emoeditor/companion-server/scene/maps/refineMap.ts';
import { type PixelBuffer, SRGB_PROFILE } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';

const EXTENT = { width: 24, height: 16 };
const WHOLE = { width: 24 * 13, height: 16 * 13 };
/** Dark below a slanted edge, bright above, with some grain. */
const luma = (x: number, y: number) => (y < 0.45 + 0.1 * x ? 0.8 : 0.2);

const guide = Float32Array.from({ length: EXTENT.width * EXTENT.height }, (_, i) =>
  luma(
    ((i % EXTENT.width) + 0.5) / EXTENT.width,
    (Math.floor(i / EXTENT.width) + 0.5) / EXTENT.height,
  ),
);
const plane = guide.map((value) => (value > 0.5 ? 1 : 0));
const page = (): PixelBuffer => {
  const data = new Uint8Array(WHOLE.width * WHOLE.height * 3);
  for (let i = 0; i < WHOLE.width * WHOLE.height; i++) {
    const [x, y] = [i % WHOLE.width, Math.floor(i / WHOLE.width)];
    const value = luma((x + 0.5) / WHOLE.width, (y + 0.5) / WHOLE.height);
    data.fill(Math.round(255 * value) + ((x * 7 + y * 3) % 5), i * 3, i * 3 + 3);
  }
  return {
    format: { ...WHOLE, channels: 3, sample: 'uint8', range: 255, profile: SRGB_PROFILE },
    data,
  };
};

function tileOf(
  { format, data }: PixelBuffer,
  left: number,
  top: number,
  width: number,
  height: number,
) {
  const cut = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * WHOLE.width + left) * 3;
    cut.set((data as Uint8Array).subarray(from, from + width * 3), y * width * 3);
  }
  const tile: PixelBuffer = { format: { ...format, width, height }, data: cut };
  return { tile, place: { bounds: { left, top, width, height }, extent: WHOLE } };
}

describe('a map at full resolution', () => {
  const refined = refinedMap({ extent: EXTENT }, plane, guide);
  const whole = () => {
    const { tile, place } = tileOf(page(), 0, 0, WHOLE.width, WHOLE.height);
    return refined(tile, place);
  };

  it('follows edges that its own size has lost', () => {
    const values = whole();
    let wrong = 0;
    for (const [i, value] of values.entries()) {
      const [x, y] = [i % WHOLE.width, Math.floor(i / WHOLE.width)];
      const isSky = luma((x + 0.5) / WHOLE.width, (y + 0.5) / WHOLE.height) > 0.5;
      if (value > 0.5 !== isSky) wrong++;
    }
    // A map without the filter is off by up to half a sample, 6 of 208 rows.
    expect(wrong / values.length).toBeLessThan(0.003);
  });

  it('is the same to the last bit in any tiles', () => {
    const expected = whole();
    const tiles = [
      [0, 0, 100, 208],
      [100, 0, 212, 77],
      [100, 77, 212, 131],
    ] as const;
    for (const [left, top, width, height] of tiles) {
      const { tile, place } = tileOf(page(), left, top, width, height);
      const found = refined(tile, place);
      for (let y = 0; y < height; y++) {
        const from = (top + y) * WHOLE.width + left;
        expect(found.subarray(y * width, (y + 1) * width)).toEqual(
          expected.subarray(from, from + width),
        );
      }
    }
  });
});
