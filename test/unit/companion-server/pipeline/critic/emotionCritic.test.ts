import { createEmotionCritic } from '@emoeditor/companion-server/pipeline/critic/emotionCritic.ts';
import { targetProbability } from '@emoeditor/companion-server/pipeline/critic/targetProbability.ts';
import { tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { describe, expect, it } from 'vitest';

const blend = (weights: number[]) => ({ kind: 'blend', weights }) as const;
const reading = [0.1, 0.05, 0.4, 0.2, 0.05, 0.1, 0.06, 0.04];

describe('targetProbability', () => {
  it('is the probability of a single emotion', () => {
    expect(targetProbability({ kind: 'emotion', emotion: 'awe' }, reading)).toBe(0.4);
  });

  it('adds up the parts of an even blend, whatever their scale', () => {
    expect(targetProbability(blend([0, 0, 5, 5, 0, 0, 0, 0]), reading)).toBeCloseTo(0.6, 12);
  });

  it('counts a lesser part for less', () => {
    expect(targetProbability(blend([0, 0, 1, 0.5, 0, 0, 0, 0]), reading)).toBeCloseTo(0.5, 12);
  });
});

describe('emotion critic', () => {
  const gradient = tensor(
    Float32Array.from({ length: 3 * 32 * 32 }, (_, i) => (i % 32) / 31),
    [1, 3, 32, 32],
  );
  const flipped = gradient.data.map((value) => 1 - value);
  const both = tensor(Float32Array.from([...gradient.data, ...flipped]), [2, 3, 32, 32]);

  it('scores each picture of a batch against the source', async () => {
    const critic = createEmotionCritic({ predict: async () => [reading, [...reading].reverse()] });
    const [same, negative] = await critic.score(both, gradient, {
      kind: 'emotion',
      emotion: 'awe',
    });
    expect(same).toEqual({ distribution: reading, pTarget: 0.4, ssim: expect.closeTo(1, 9) });
    expect(negative!.pTarget).toBe(0.1);
    expect(negative!.ssim).toBeLessThan(0);
  });

  it('reads the emotion from what shows in the region, and compares the edit itself', async () => {
    const seen: Float32Array[] = [];
    const region = Float32Array.from({ length: 32 * 32 }, (_, i) =>
      i < 512 ? 1 : i < 768 ? 0.5 : 0,
    );
    const critic = createEmotionCritic(
      {
        predict: async ({ data }) => {
          seen.push(data);
          return [reading, reading];
        },
      },
      region,
    );
    const [, negative] = await critic.score(both, gradient, { kind: 'emotion', emotion: 'awe' });
    const image = seen[0]!.subarray(3 * 1024);
    expect(image[5]).toBeCloseTo(flipped[5]!, 6);
    expect(image[1024 + 600]).toBeCloseTo((gradient.data[600]! + flipped[600]!) / 2, 6);
    expect(image[2 * 1024 + 1000]).toBe(gradient.data[1000]);
    expect(negative!.ssim).toBeLessThan(0);
    await critic.read(gradient);
    expect(seen[1]).toBe(gradient.data);
  });
});
