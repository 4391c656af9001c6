import { keepToneOrder } from '@emoeditor/companion-server/compositor/fit/toneOrder.ts';
import { COEFFICIENTS, type GradeGrid } from '@emoeditor/companion-server/compositor/gradeGrid.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const LUMA = [0.25, 0.5, 0.25];
const DEPTH = 8;
const CELLS = 2 * DEPTH;

const grids = fc
  .record({
    coefficients: fc.array(fc.double({ min: -1.5, max: 1.5, noNaN: true }), {
      minLength: CELLS * COEFFICIENTS,
      maxLength: CELLS * COEFFICIENTS,
    }),
    weights: fc.array(fc.double({ min: 0, max: 100, noNaN: true }), {
      minLength: CELLS,
      maxLength: CELLS,
    }),
  })
  .map(({ coefficients, weights }) => ({
    grid: { width: 2, height: 1, depth: DEPTH, coefficients: Float32Array.from(coefficients) },
    // Every cell's mean colour is the grey of its level.
    sums: Float64Array.from(weights.flatMap((w, cell) => [...grey(cell).map((v) => w * v), w])),
  }));

function grey(cell: number): number[] {
  return Array(3).fill(((cell % DEPTH) + 0.5) / DEPTH);
}

/** Luma after the grade, and how it answers to each channel. */
function toneOf({ coefficients }: GradeGrid, cell: number) {
  const column = (c: number) =>
    LUMA.reduce((sum, share, k) => sum + share * coefficients[cell * COEFFICIENTS + c * 3 + k]!, 0);
  const responses = LUMA.map((share, c) => share + column(c));
  const luma = responses.reduce((sum, response, c) => sum + response * grey(cell)[c]!, column(3));
  return { luma, responses };
}

describe('the order of tones', () => {
  it('is kept in every place: no level is darker than the one below, no channel darkens as it rises', () => {
    fc.assert(
      fc.property(grids, ({ grid, sums }) => {
        keepToneOrder(grid, sums);
        for (let cell = 0; cell < CELLS; cell++) {
          const { luma, responses } = toneOf(grid, cell);
          expect(Math.min(...responses)).toBeGreaterThan(-1e-5);
          if (cell % DEPTH > 0) expect(luma - toneOf(grid, cell - 1).luma).toBeGreaterThan(-1e-5);
        }
      }),
    );
  });

  it('costs a grade that keeps it nothing, to the last bit', () => {
    const coefficients = new Float32Array(CELLS * COEFFICIENTS);
    for (let cell = 0; cell < CELLS; cell++) {
      for (let k = 0; k < 3; k++) coefficients[cell * COEFFICIENTS + 4 * k] = -0.3;
      coefficients[cell * COEFFICIENTS + 9] = 0.1;
    }
    const grid = { width: 2, height: 1, depth: DEPTH, coefficients };
    const before = coefficients.slice();
    keepToneOrder(grid, new Float64Array(CELLS * 4).fill(1));
    expect(grid.coefficients).toEqual(before);
  });
});
