import { blurred } from '@emoeditor/companion-server/scene/elements/light/blur.ts';
import { describe, expect, it } from 'vitest';

const extent = { width: 61, height: 43 };
const pattern = Float32Array.from({ length: 61 * 43 }, (_, i) => ((i * 7919) % 101) / 100);

/** Three means over windows of that radius, each of the part that lies in the picture, by their definition. */
function threeMeans(plane: Float32Array, radius: number): Float32Array {
  const { width, height } = extent;
  let mean = plane;
  for (let turn = 0; turn < 3; turn++) {
    const from = mean;
    mean = from.map((_, i) => {
      const [x, y] = [i % width, Math.floor(i / width)];
      let [sum, count] = [0, 0];
      for (let v = Math.max(0, y - radius); v <= Math.min(height - 1, y + radius); v++) {
        for (let u = Math.max(0, x - radius); u <= Math.min(width - 1, x + radius); u++) {
          sum += from[v * width + u] as number;
          count++;
        }
      }
      return sum / count;
    });
  }
  return mean;
}

describe('a wide blur', () => {
  // The radius whose three means have the deviation asked for: 4, 12, and one wider than the picture is high.
  it.each([
    [4.5, 4],
    [12.5, 12],
    [48, 48],
  ])('with a deviation of %d pixels is three means over windows', (sigma, radius) => {
    const seen = blurred(pattern, extent, sigma / 61);
    const wanted = threeMeans(pattern, radius);
    const apart = seen.map((value, i) => Math.abs(value - (wanted[i] as number)));
    expect(Math.max(...apart)).toBeLessThan(1e-5);
  });
});
