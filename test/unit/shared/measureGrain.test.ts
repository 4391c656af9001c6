import { measureGrain } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';

/** Near-Gaussian noise of variance 1 from a small generator. */
function noise(seed: number): () => number {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return () => (next() + next() + next() + next() - 2) * Math.sqrt(3);
}

function picture(
  side: number,
  range: 1 | 255 | 32768,
  value: (x: number, y: number) => number,
  alpha = 1,
) {
  const data = new Float32Array(side * side * 4);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      data.fill(value(x, y) * range, (y * side + x) * 4, (y * side + x) * 4 + 3);
      data[(y * side + x) * 4 + 3] = alpha * range;
    }
  }
  return { format: { width: side, height: side, channels: 4, range }, data } as const;
}

const slope = (x: number, y: number) => 0.3 + 0.0008 * x + 0.0004 * y;

describe('the grain of a photograph', () => {
  it.each([255, 32768] as const)('is the deviation of its luma, range %i', (range) => {
    const random = noise(1);
    const found = measureGrain([picture(256, range, (x, y) => slope(x, y) + 0.02 * random())]);
    expect(found).toBeGreaterThan(0.02 * 0.8);
    expect(found).toBeLessThan(0.02 * 1.05);
  });

  it('is not its texture: a tenth of flat picture is enough to tell', () => {
    const [random, texture] = [noise(2), noise(3)];
    const found = measureGrain([
      picture(256, 255, (_x, y) => 0.5 + (y < 40 ? 0 : 0.1 * texture()) + 0.01 * random()),
    ]);
    expect(found).toBeGreaterThan(0.007);
    expect(found).toBeLessThan(0.012);
  });

  it('is none on a smooth, a clipped, a transparent or no picture', () => {
    const random = noise(4);
    expect(measureGrain([picture(64, 1, slope)])).toBeLessThan(1e-6);
    expect(measureGrain([picture(64, 1, () => 1 - 0.005 * Math.abs(random()))])).toBe(0);
    expect(measureGrain([picture(64, 1, () => 0.5 + 0.1 * random(), 0)])).toBe(0);
    expect(measureGrain([picture(8, 1, slope)])).toBe(0);
    expect(measureGrain([])).toBe(0);
  });
});
