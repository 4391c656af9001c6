import {
  createGuidance,
  evaluationsPerStep,
} from '@emoeditor/companion-server/pipeline/guidance/createGuidance.ts';
import {
  createTextAndImageGuidance,
  textAndImageScheme,
} from '@emoeditor/companion-server/pipeline/guidance/textAndImageGuidance.ts';
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

describe('guidance over instruction and picture', () => {
  const told = {
    ...conditioning,
    nullTokens: tensor(Float32Array.of(9, 9, 9, 9), [1, 2, 2]),
  };

  it('runs both, the picture alone and neither, in this order', () => {
    const [both, picture, none, ...more] = textAndImageScheme(1.5).at(7.5).rows(told);
    expect(more).toEqual([]);
    expect(both).toBe(told);
    expect(picture).toMatchObject({ tokens: told.nullTokens, imageLatents: told.imageLatents });
    expect(none?.tokens).toBe(told.nullTokens);
    expect([...none!.imageLatents.data]).toEqual([0]);
    expect(none!.imageLatents.dims).toEqual([1, 1, 1, 1]);
  });

  it('adds what the picture and what the instruction change, each times its scale', () => {
    const [both, picture, none] = [
      Float32Array.of(3, 0),
      Float32Array.of(2, 1),
      Float32Array.of(1, -1),
    ];
    // 1 + 1.5 · (2 − 1) + 7.5 · (3 − 2), −1 + 1.5 · (1 + 1) + 7.5 · (0 − 1)
    const guided = textAndImageScheme(1.5).at(7.5).combine([both, picture, none]);
    expect([...guided]).toEqual([10, -5.5]);
  });

  it('is guidance over the tokens where the picture’s scale is 1, over its own null tokens', () => {
    const [own, none, ...more] = textAndImageScheme(1).at(7.5).rows(told);
    expect([own, more]).toEqual([told, []]);
    expect(none).toEqual({ ...told, tokens: told.nullTokens });
    const noisePreds = [Float32Array.of(3), Float32Array.of(2), Float32Array.of(77)];
    const three = createTextAndImageGuidance(7.5, 1).combine(noisePreds);
    expect(textAndImageScheme(1).at(7.5).combine(noisePreds)).toEqual(three);
  });

  it('refuses a missing prediction', () => {
    const two = [new Float32Array(1), new Float32Array(1)];
    expect(() => textAndImageScheme(1.5).at(2).combine(two)).toThrow('missing');
  });

  it.each([
    [1, 1],
    [1, 1.5],
    [7.5, 1],
    [7.5, 1.5],
    [0, 2],
  ])('counts the rows of text scale %d and picture scale %d as they run', (text, image) => {
    const scheme = textAndImageScheme(image);
    expect(scheme.at(text).rows(told)).toHaveLength(scheme.evaluations(text));
  });
});
