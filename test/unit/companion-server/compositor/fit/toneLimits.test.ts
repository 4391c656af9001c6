import { cellColours, limitTones } from '@emoeditor/companion-server/compositor/fit/toneLimits.ts';
import {
  COEFFICIENTS,
  type GradeGrid,
  slicePicture,
} from '@emoeditor/companion-server/compositor/gradeGrid.ts';
import { lumaPlane } from '@emoeditor/companion-server/compositor/planes.ts';
import { describe, expect, it } from 'vitest';

const extent = { width: 48, height: 48 };
const PIXELS = 48 * 48;
const shape = { width: 4, height: 4, depth: 8 };

/** A grey picture; the value of each pixel by its row. */
const rows = (value: (y: number) => number) =>
  Float32Array.from({ length: 3 * PIXELS }, (_, i) => value(Math.floor((i % PIXELS) / 48)));
/** Light above, dark below. */
const landscape = rows((y) => (y < 24 ? 0.95 : 0.3));

/** Adds `change(row of the grid, level)` to every channel. */
function shifts(change: (row: number, level: number) => number): GradeGrid {
  const coefficients = new Float32Array(4 * 4 * 8 * COEFFICIENTS);
  for (let cell = 0; cell < 4 * 4 * 8; cell++) {
    const by = change(Math.floor(cell / 32), cell % 8);
    coefficients.fill(by, cell * COEFFICIENTS + 9, (cell + 1) * COEFFICIENTS);
  }
  return { ...shape, coefficients };
}

const limited = (grid: GradeGrid, picture: Float32Array) =>
  limitTones(grid, cellColours(picture, lumaPlane(picture), extent, grid));
const top = (rgb: Float32Array) => rgb[8 * 48 + 24] as number;
const bottom = (rgb: Float32Array) => rgb[40 * 48 + 24] as number;

describe('limits of tone', () => {
  it('keep a bright sky above the ground that it was brighter than', () => {
    const black = shifts((row) => (row < 2 ? -0.9 : 0));
    const before = slicePicture(black, landscape, extent);
    const after = slicePicture(limited(black, landscape), landscape, extent);
    expect(top(before)).toBeLessThan(bottom(before));
    expect(top(after)).toBeGreaterThan(0.85 * bottom(after));
    expect(bottom(after)).toBeCloseTo(bottom(before), 5);
  });

  it('leave a quarter of every tone, and three tenths of its distance to white', () => {
    const dark = slicePicture(
      limited(
        shifts(() => -0.9),
        landscape,
      ),
      landscape,
      extent,
    );
    expect(bottom(dark)).toBeGreaterThan(0.24 * 0.3);
    const light = slicePicture(
      limited(
        shifts(() => 0.9),
        landscape,
      ),
      landscape,
      extent,
    );
    expect(bottom(light)).toBeLessThan(1 - 0.28 * (1 - 0.3));
  });

  it('cost a gentle grade nothing, to the last bit, nor a place that is left alone', () => {
    const gentle = (level: number) => (level < 2 ? 0 : -0.05);
    const half = shifts((row, level) => (row < 2 ? 0 : gentle(level)));
    for (const grid of [shifts((_, level) => gentle(level)), half]) {
      expect(limited(grid, landscape).coefficients).toEqual(grid.coefficients);
    }
  });

  it('keep the order of levels', () => {
    const ramp = rows((y) => y / 47);
    const after = limited(
      shifts((_, level) => -level / 8),
      ramp,
    );
    const sliced = slicePicture(after, ramp, extent);
    for (let y = 1; y < 48; y++) {
      expect((sliced[y * 48] as number) - (sliced[(y - 1) * 48] as number)).toBeGreaterThan(-0.03);
    }
  });
});
