import {
  roundingError,
  weightsTooLossyForInt8,
} from '@emoeditor/companion-server/importer/weights/roundingError.ts';
import { linear } from '@emoeditor/companion-server/onnx/layers.ts';
import type { WeightSource } from '@emoeditor/companion-server/onnx/weights.ts';
import { describe, expect, it } from 'vitest';

/** Waves in every row; `outlier` has one weight per row that is a thousand times as large. */
const weights: WeightSource = {
  take: (name, shape) => ({
    name,
    shape,
    read: async () => {
      const columns = shape[1] ?? 1;
      return Float32Array.from({ length: (shape[0] ?? 1) * columns }, (_, i) =>
        name.startsWith('outlier') && i % columns === 0 ? 1000 : Math.sin(i),
      );
    },
  }),
};

describe('rounding weights to int8', () => {
  it('loses nothing of weights that are whole multiples of a step, and all of those far below it', () => {
    expect(roundingError(Float32Array.of(127, -64, 3, 12.7, 1.2, -0.1), 2)).toBeCloseTo(0, 6);
    expect(roundingError(Float32Array.of(0, 0), 1)).toBe(0);
    const drowned = Float32Array.from({ length: 1001 }, (_, i) => (i === 0 ? 1000 : 3));
    expect(roundingError(drowned, 1)).toBeGreaterThan(0.09);
  });

  it('finds layers whose error exceeds the limit, by name, and skips small ones', async () => {
    const lossy = await weightsTooLossyForInt8(
      (graph) => {
        graph.input('x', [1, 256]);
        linear(graph, linear(graph, 'x', 'plain', [256, 256]), 'outlier', [256, 256]);
        linear(graph, 'x', 'outlier.small', [16, 16]);
      },
      weights,
      new AbortController().signal,
      0.01,
    );
    expect([...lossy.keys()]).toEqual(['outlier.weight']);
  });
});
