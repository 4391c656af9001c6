import { shareClipped } from '@emoeditor/companion-server/evaluation/metrics/clipping.ts';
import {
  isMatched,
  isNearer,
  rise,
} from '@emoeditor/companion-server/evaluation/metrics/emotionRates.ts';
import { facesChanged } from '@emoeditor/companion-server/evaluation/metrics/faces.ts';
import { featureDistance } from '@emoeditor/companion-server/evaluation/metrics/featureDistance.ts';
import type { EmotionVector } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';

const BEFORE: EmotionVector = [0.3, 0.1, 0.2, 0.1, 0.1, 0.1, 0.05, 0.05];
const AFTER: EmotionVector = [0.25, 0.1, 0.3, 0.1, 0.1, 0.05, 0.05, 0.05];

describe('emotion rates', () => {
  it('match where the target is the first class, are nearer where its share rose', () => {
    expect([0, 2].map((target) => isMatched(AFTER, target))).toEqual([0, 1]);
    expect([0, 1, 2].map((target) => isNearer(BEFORE, AFTER, target))).toEqual([0, 0, 1]);
    expect(rise(BEFORE, AFTER, 2)).toBeCloseTo(0.1, 12);
    expect(rise(BEFORE, AFTER, 0)).toBeCloseTo(-0.05, 12);
  });
});

describe('clipping', () => {
  it('counts pixels with a channel within a level of either end', () => {
    const pixels = [
      [0, 100, 100],
      [1, 100, 100],
      [2, 100, 100],
      [100, 253, 100],
      [100, 254, 100],
    ];
    expect(shareClipped(Uint8Array.from(pixels.flat()))).toBe(60);
  });
});

describe('feature distance', () => {
  it('is 0 for the same direction, 1 for perpendicular ones', () => {
    const one = Float32Array.of(1, 2, 0);
    expect(featureDistance(one, Float32Array.of(3, 6, 0))).toBeCloseTo(0, 6);
    expect(featureDistance(one, Float32Array.of(0, 0, 5))).toBe(1);
  });
});

describe('faces', () => {
  const SIDE = 20;
  const picture = (colour: (x: number, y: number) => readonly [number, number, number]) => ({
    width: SIDE,
    height: SIDE,
    rgb: Uint8Array.from(
      Array.from({ length: SIDE * SIDE }, (_, i) => colour(i % SIDE, Math.floor(i / SIDE))).flat(),
    ),
  });
  const FACE = { left: 0.25, top: 0.25, width: 0.5, height: 0.5 };
  const skin = (x: number, y: number) => 120 + 40 * Math.sin(x / 3) + 20 * Math.cos(y / 2);
  const source = picture((x, y) => [skin(x, y), 0.8 * skin(x, y), 0.6 * skin(x, y)]);

  it('in other light are neither recoloured nor crossed', () => {
    const darker = picture((x, y) => {
      const value = 0.6 * skin(x, y) + 10;
      return [value, 0.8 * value, 0.6 * value];
    });
    expect(facesChanged(source, darker, [FACE])).toEqual({ found: 1, recoloured: 0, crossed: 0 });
  });

  it('that turned green are recoloured', () => {
    const green = picture((x, y) => [0.5 * skin(x, y), skin(x, y), 0.6 * skin(x, y)]);
    expect(facesChanged(source, green, [FACE])).toMatchObject({ recoloured: 1, crossed: 0 });
  });

  it('with a branch before them are crossed; one beside them is not counted', () => {
    const branch = (at: number) =>
      picture((x, y) => {
        const value = Math.abs(x - at) < 1 ? 20 : skin(x, y);
        return [value, 0.8 * value, 0.6 * value];
      });
    expect(facesChanged(source, branch(10), [FACE])).toMatchObject({ crossed: 1 });
    expect(facesChanged(source, branch(2), [FACE])).toMatchObject({ crossed: 0 });
  });
});
