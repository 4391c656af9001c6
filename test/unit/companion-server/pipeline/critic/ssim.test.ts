import { ssim, windowSide } from '@emoeditor/companion-server/pipeline/critic/ssim.ts';
import { type Tensor, tensor, zeros } from '@emoeditor/companion-server/tensor/tensor.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** A grey one: three channels alike. */
function picture(width: number, height: number, at: (x: number, y: number) => number): Tensor {
  const count = width * height;
  const data = Float32Array.from({ length: 3 * count }, (_, i) =>
    at(i % width, Math.floor((i % count) / width)),
  );
  return tensor(data, [1, 3, height, width]);
}

const weave = (x: number, y: number) => ((x * 7 + y * 13) % 32) / 31;
const a = picture(48, 36, weave);
const b = picture(48, 36, (x, y) => ((x * 7 + y * 13 + x * y) % 32) / 31);
const c = picture(48, 36, (x, y) => Math.min(1, Math.max(0, 0.8 * weave(x, y) + 0.1)));
const d = picture(48, 36, (x, y) => 1 - weave(x, y));

/** The definition, every window on its own. */
function windowByWindow(x: Tensor, y: Tensor, side: number): number {
  const [, , height = 0, width = 0] = x.dims;
  const count = side * side;
  const similarities: number[] = [];
  for (let top = 0; top + side <= height; top++) {
    for (let left = 0; left + side <= width; left++) {
      const at = Array.from(
        { length: count },
        (_, i) => (top + Math.floor(i / side)) * width + left + (i % side),
      );
      const mean = (f: (i: number) => number) => at.reduce((sum, i) => sum + f(i), 0) / count;
      const [u, v] = [mean((i) => x.data[i]!), mean((i) => y.data[i]!)];
      const product = (f: (i: number) => number) => (mean(f) * count) / (count - 1);
      const xx = product((i) => (x.data[i]! - u) ** 2);
      const yy = product((i) => (y.data[i]! - v) ** 2);
      const xy = product((i) => (x.data[i]! - u) * (y.data[i]! - v));
      const [c1, c2] = [0.01 ** 2, 0.03 ** 2];
      similarities.push(
        ((2 * u * v + c1) * (2 * xy + c2)) / ((u * u + v * v + c1) * (xx + yy + c2)),
      );
    }
  }
  return similarities.reduce((sum, value) => sum + value, 0) / similarities.length;
}

describe('ssim', () => {
  // skimage 0.26.0: structural_similarity(a, other, win_size=side, data_range=1.0)
  it.each([
    [3, [1, 0.0815132435351254, 0.975484542888441, -0.9664042143242052]],
    [7, [1, 0.05916591658561052, 0.975722855125511, -0.9865802178742777]],
    [9, [1, 0.056054585725806495, 0.9757525380722005, -0.9894689389129004]],
    [11, [1, 0.05383813959876906, 0.9757573485118318, -0.9898667163004745]],
  ])('is what skimage computes with a window of %i', (side, expected) => {
    [a, b, c, d].forEach((other, i) => {
      expect(ssim(a, other, side)).toBeCloseTo(expected[i]!, 6);
    });
  });

  it('takes its window from the short side', () => {
    const tall = (shift: (y: number) => number) =>
      picture(64, 224, (x, y) => ((x * 7 + y * 13 + shift(y)) % 32) / 31);
    // skimage 0.26.0 with win_size=15
    const value = ssim(
      tall(() => 0),
      tall((y) => Math.floor(y / 5) * 3),
    );
    expect(value).toBeCloseTo(-0.004719053637655939, 6);
  });

  it('is the mean over all windows at any size and side', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 21 }),
        fc.integer({ min: 3, max: 21 }),
        fc.constantFrom(3, 5, 7),
        fc.integer({ min: 1, max: 99 }),
        (width, height, side, seed) => {
          fc.pre(Math.min(width, height) >= side);
          const x = picture(width, height, (i, j) => ((i * 7 + j * 13 + seed) % 32) / 31);
          const y = picture(width, height, (i, j) => ((i * 5 + j * j * seed) % 29) / 28);
          expect(ssim(x, y, side)).toBeCloseTo(windowByWindow(x, y, side), 5);
        },
      ),
    );
  });

  it.each([
    [224, 224, 51],
    [256, 256, 59],
    [320, 192, 45],
    [32, 32, 7],
    [4, 9, 3],
  ])('has an odd window of 51/224 for %i × %i', (width, height, side) => {
    expect(windowSide(width, height)).toBe(side);
  });

  it('weighs colours as Rec. 601', () => {
    const [r, g, bl] = [weave, (x: number, y: number) => weave(y, x), (x: number) => weave(x, 3)];
    const planes = [r, g, bl].map((at) => picture(20, 16, at).data.subarray(0, 320));
    const coloured = tensor(
      Float32Array.from({ length: 960 }, (_, i) => planes[Math.floor(i / 320)]![i % 320]!),
      [1, 3, 16, 20],
    );
    const grey = picture(20, 16, (x, y) => 0.299 * r(x, y) + 0.587 * g(x, y) + 0.114 * bl(x));
    const other = picture(20, 16, (x, y) => ((x * x + y * 3) % 17) / 16);
    expect(ssim(coloured, other)).toBeCloseTo(ssim(grey, other), 5);
  });

  it('refuses pictures that cannot be compared', () => {
    expect(() => ssim(a, picture(36, 48, weave))).toThrow('[1, 3, 36, 48] and [1, 3, 48, 36]');
    expect(() => ssim(a, b, 37)).toThrow('at least 37 × 37');
    const four = zeros([1, 4, 9, 9]);
    expect(() => ssim(four, four)).toThrow('[1, 4, 9, 9]');
  });
});
