import { squashResize } from '@emoeditor/companion-server/models/squashResize.ts';
import { tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('squashResize', () => {
  it('leaves a picture of the right size alone', () => {
    const picture = tensor(Float32Array.of(1, 2, 3, 4), [1, 1, 2, 2]);
    expect(squashResize(picture, 2)).toBe(picture);
  });

  it('keeps a flat picture flat and the mean of any picture, whatever the aspect', () => {
    const flat = tensor(new Float32Array(2 * 3 * 40 * 12).fill(0.4), [2, 3, 40, 12]);
    for (const value of squashResize(flat, 8).data) expect(value).toBeCloseTo(0.4, 6);
    const ramp = tensor(
      Float32Array.from({ length: 64 * 32 }, (_, i) => (i % 32) / 31),
      [1, 1, 64, 32],
    );
    const { data } = squashResize(ramp, 16);
    expect(data.reduce((sum, value) => sum + value, 0) / data.length).toBeCloseTo(0.5, 3);
  });

  it('uses a triangle filter: the values of torch 2.13 for 0..7 to 3', () => {
    const line = tensor(
      Float32Array.from({ length: 64 }, (_, i) => i % 8),
      [1, 1, 8, 8],
    );
    const row = [...squashResize(line, 3).data.subarray(0, 3)];
    for (const [i, value] of [1.1052632, 3.5, 5.8947368].entries())
      expect(row[i]).toBeCloseTo(value, 5);
  });

  it('does to a picture what it does to its transpose, whatever the sides', () => {
    const sides = fc.integer({ min: 1, max: 19 });
    fc.assert(
      fc.property(sides, sides, sides, fc.integer({ min: 1, max: 3 }), (h, w, side, n) => {
        const value = (plane: number, y: number, x: number) => ((plane + y * 7 + x * 5) % 11) / 10;
        const fill = (rows: number, columns: number, at: typeof value) =>
          tensor(
            Float32Array.from({ length: n * rows * columns }, (_, i) =>
              at(Math.floor(i / (rows * columns)), Math.floor(i / columns) % rows, i % columns),
            ),
            [1, n, rows, columns],
          );
        const upright = squashResize(fill(h, w, value), side).data;
        const turned = squashResize(
          fill(w, h, (plane, y, x) => value(plane, x, y)),
          side,
        ).data;
        for (let i = 0; i < upright.length; i++) {
          const [plane, y, x] = [Math.floor(i / side ** 2), Math.floor(i / side) % side, i % side];
          expect(turned[plane * side ** 2 + x * side + y]).toBeCloseTo(upright[i]!, 5);
        }
      }),
    );
  });
});
