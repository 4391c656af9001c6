import { rowOf, scaleAndClamp, stack } from '@emoeditor/companion-server/tensor/ops.ts';
import { tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { describe, expect, it } from 'vitest';

const of = (values: number[], dims: number[]) => tensor(Float32Array.from(values), dims);

describe('tensor operations', () => {
  it('stacks rows and takes them apart again', () => {
    const batch = stack([of([1, 2], [1, 1, 1, 2]), of([3, 4, 5, 6], [2, 1, 1, 2])]);
    expect(batch).toEqual(of([1, 2, 3, 4, 5, 6], [3, 1, 1, 2]));
    expect(rowOf(batch, 2)).toEqual(of([5, 6], [1, 1, 1, 2]));
  });

  it('scales and clamps in place', () => {
    const x = of([-2, 0, 0.5, 3], [4]);
    expect(scaleAndClamp(x, 2, -1, [-1, 1])).toBe(x);
    expect([...x.data]).toEqual([-1, -1, 0, 1]);
  });

  it('clamps every value of any number of them, and hides none that is not a number', () => {
    for (const length of [1, 3, 4, 5, 63]) {
      const x = scaleAndClamp(of(Array(length).fill(7), [length]), 1, 0, [0, 1]);
      expect([...x.data]).toEqual(Array(length).fill(1));
    }
    const broken = of([Number.NaN, Number.POSITIVE_INFINITY], [2]);
    expect([...scaleAndClamp(broken, 1, 0, [0, 1]).data]).toEqual([Number.NaN, 1]);
  });

  it('refuses what does not fit, with both shapes', () => {
    expect(() => stack([])).toThrow('at least one row');
    expect(() => stack([of([1], [1, 1]), of([1, 2], [1, 2])])).toThrow('[n, 1] but one has [1, 2]');
    expect(() => rowOf(of([1], [1, 1]), 1)).toThrow('0 … 0 but was asked for 1');
    expect(() => tensor(new Float32Array(3), [2, 2])).toThrow('4 values');
  });
});
