import { PATCH, REACH, SHIFT_COST } from '@emoeditor/companion-server/compositor/fit/alignEdit.ts';
import { fastestArithmetic } from '@emoeditor/companion-server/compositor/fit/fastestArithmetic.ts';
import { fitEdit } from '@emoeditor/companion-server/compositor/fit/fitEdit.ts';
import { fitGrade } from '@emoeditor/companion-server/compositor/fit/fitGrade.ts';
import {
  createFitKernel,
  hasFitKernel,
} from '@emoeditor/companion-server/compositor/fit/fitKernel.ts';
import { plainArithmetic } from '@emoeditor/companion-server/compositor/fit/plainArithmetic.ts';
import { compositorOf } from '@emoeditor/companion-server/compositor/tile/tileCompositor.ts';
import type { Extent } from '@emoeditor/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  documentOf,
  landscape,
  planar,
  tinted,
  WHOLE,
  WORKING,
  withDisc,
  workingEdit,
} from '../scenes.ts';

const kernel = createFitKernel();

function worstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let worst = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs((a[i] as number) - (b[i] as number));
    if (!(difference <= worst)) worst = difference;
  }
  return worst;
}

/** What it costs to read the edit around a pixel by that shift, summed plainly in double precision. */
function shiftCost(
  source: Float32Array,
  edit: Float32Array,
  { width, height }: Extent,
  pixel: number,
  shift: number,
): number {
  const side = 2 * REACH + 1;
  const dx = shift === 0 ? 0 : ((shift - 1) % side) - REACH;
  const dy = shift === 0 ? 0 : Math.floor((shift - 1) / side) - REACH;
  const inside = (value: number, size: number) => Math.min(size - 1, Math.max(0, value));
  const [x, y] = [pixel % width, Math.floor(pixel / width)];
  let sum = 0;
  let count = 0;
  for (let v = inside(y - PATCH, height); v <= inside(y + PATCH, height); v++) {
    for (let u = inside(x - PATCH, width); u <= inside(x + PATCH, width); u++) {
      const from = inside(v + dy, height) * width + inside(u + dx, width);
      for (let k = 0; k < 3; k++) {
        const plane = k * width * height;
        sum += (edit[plane + from]! - source[plane + v * width + u]!) ** 2;
      }
      count++;
    }
  }
  return sum / count + SHIFT_COST * (dx * dx + dy * dy);
}

/** A plane of any size, so that rows end at every remainder of a vector. */
const planes = fc
  .record({ width: fc.integer({ min: 1, max: 37 }), height: fc.integer({ min: 1, max: 19 }) })
  .chain((extent) =>
    fc.record({
      extent: fc.constant(extent),
      values: fc.array(fc.float({ min: 0, max: 1, noNaN: true }), {
        minLength: extent.width * extent.height * 6,
        maxLength: extent.width * extent.height * 6,
      }),
    }),
  )
  .map(({ extent, values }) => {
    const pixels = extent.width * extent.height;
    return {
      extent,
      source: Float32Array.from(values.slice(0, 3 * pixels)),
      edit: Float32Array.from(values.slice(3 * pixels)),
      plane: Float32Array.from(values.slice(0, pixels)),
      other: Float32Array.from(values.slice(pixels, 2 * pixels)),
    };
  });

describe('the vectorised fit', () => {
  it('is what runs here', () => {
    expect(hasFitKernel()).toBe(true);
    expect(fastestArithmetic()).not.toBe(plainArithmetic);
  });

  it.each([
    ['gaussian', 1.5],
    ['boxMean', 3],
    ['dilate', 2],
  ] as const)('agrees with the plain %s on planes of any size', (name, reach) => {
    fc.assert(
      fc.property(planes, ({ plane, extent }) => {
        const expected = plainArithmetic[name](plane, extent, reach);
        expect(worstDifference(kernel[name](plane, extent, reach), expected)).toBeLessThan(2e-6);
      }),
      { numRuns: 60 },
    );
  });

  it('agrees with the plain correlation, also in flat areas', () => {
    fc.assert(
      fc.property(planes, ({ plane, other, extent }) => {
        const expected = plainArithmetic.correlation(plane, other, extent, 1.5, 4e-4);
        const actual = kernel.correlation(plane, other, extent, 1.5, 4e-4);
        // Variances are differences of squares: a rounding step of 6e-8 against a floor of 4e-4.
        expect(worstDifference(actual, expected)).toBeLessThan(2e-3);
      }),
      { numRuns: 60 },
    );
  });

  it('chooses shifts that fit as well as those of the plain search', () => {
    fc.assert(
      fc.property(planes, ({ source, edit, extent }) => {
        const expected = plainArithmetic.bestShifts(source, edit, extent);
        const actual = kernel.bestShifts(source, edit, extent);
        // Patches may tie up to rounding, so it is what a choice costs that counts.
        for (const [pixel, shift] of actual.entries()) {
          if (shift === expected[pixel]) continue;
          const cost = (number: number) => shiftCost(source, edit, extent, pixel, number);
          expect(Math.abs(cost(shift) - cost(expected[pixel]!))).toBeLessThan(1e-6);
        }
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    ['a tint', tinted(landscape, [0.5, 0.7, 1.1], [0.1, 0, 0])],
    [
      'a tint with a new object',
      withDisc(tinted(landscape, [0.8, 0.9, 1.1], [0, 0, 0.05]), [0.6, 0.6], 0.1, [1, 0.3, 0.2]),
    ],
    ['no change', landscape],
  ])('explains %s by the same grade', (_name, after) => {
    const source = planar(landscape, WORKING);
    const edit = planar(after, WORKING);
    const plain = fitGrade(source, edit, WORKING, plainArithmetic);
    const fast = fitGrade(source, edit, WORKING, kernel);
    const expected = plainArithmetic.slicePicture(plain.grid, source, WORKING);
    expect(
      worstDifference(kernel.slicePicture(plain.grid, source, WORKING), expected),
    ).toBeLessThan(2e-6);
    const actual = plainArithmetic.slicePicture(fast.grid, source, WORKING);
    expect(worstDifference(actual, expected)).toBeLessThan(1e-3);
  });

  it('ends in the same document, within a level of 8 bits', () => {
    const edit = workingEdit(
      landscape,
      withDisc(tinted(landscape, [0.5, 0.7, 1.1], [0.1, 0, 0]), [0.6, 0.6], 0.1, [1, 0.3, 0.2]),
    );
    const page = documentOf(landscape, { sample: 'uint8', range: 255, channels: 3 });
    const [plain, fast] = [plainArithmetic, kernel].map((arithmetic) => {
      const fit = fitEdit(edit, {}, arithmetic);
      expect(fit.content).not.toBeNull();
      return compositorOf(fit).apply(page, WHOLE, { intensity: 1 }).data;
    });
    expect(worstDifference(fast!, plain!)).toBeLessThanOrEqual(1);
  });

  it('gives the same answer again after pictures of other sizes', () => {
    const source = planar(landscape, WORKING);
    const edit = planar(tinted(landscape, [0.5, 0.7, 1.1], [0.1, 0, 0]), WORKING);
    const first = fitGrade(source, edit, WORKING, kernel);
    const small = { width: 9, height: 7 };
    fitGrade(planar(landscape, small), planar(landscape, small), small, kernel);
    const again = fitGrade(source, edit, WORKING, kernel);
    expect(worstDifference(again.grid.coefficients, first.grid.coefficients)).toBe(0);
  });
});
