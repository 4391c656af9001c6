import {
  createGuidance,
  evaluationsPerStep,
} from '@emoeditor/companion-server/guidance/createGuidance.ts';
import { tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { describe, expect, it } from 'vitest';

const conditioning = {
  tokens: tensor(Float32Array.of(1, 2, 3, 4), [1, 2, 2]),
  imageLatents: tensor(Float32Array.of(5), [1, 1, 1, 1]),
};

describe('guidance', () => {
  it('runs one row unguided and hands the prediction through', () => {
    const guidance = createGuidance(1);
    const noisePred = Float32Array.of(0.5);
    expect(guidance.rows(conditioning)).toEqual([conditioning]);
    expect(guidance.combine([noisePred])).toBe(noisePred);
  });

  it('runs a second row with null tokens and the same picture', () => {
    const [own, none] = createGuidance(2).rows(conditioning);
    expect(own).toBe(conditioning);
    expect([...none!.tokens.data]).toEqual([0, 0, 0, 0]);
    expect(none!.tokens.dims).toEqual([1, 2, 2]);
    expect(none!.imageLatents).toBe(conditioning.imageLatents);
  });

  it.each([
    [0, [2, 2]],
    [0.5, [1.5, 3]],
    [3, [-1, 8]],
  ])('scale %d extrapolates from the null prediction', (scale, expected) => {
    const noisePreds = [Float32Array.of(1, 4), Float32Array.of(2, 2)];
    expect([...createGuidance(scale).combine(noisePreds)]).toEqual(expected);
  });

  it('refuses a missing prediction', () => {
    expect(() => createGuidance(1).combine([])).toThrow('none');
    expect(() => createGuidance(2).combine([new Float32Array(1)])).toThrow('missing');
  });

  it.each([0, 1, 1.5, 7])('counts the rows of scale %d as they run', (scale) => {
    expect(createGuidance(scale).rows(conditioning)).toHaveLength(evaluationsPerStep(scale));
  });
});
