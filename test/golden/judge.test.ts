import { tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { expect, it } from 'vitest';
import { openJudge } from '../../bench/judge/judge.mts';

/** Two pictures [2, 3, 48, 64]: a bright green slope, and darkness. */
const pictures = () => {
  const [h, w] = [48, 64];
  const data = new Float32Array(2 * 3 * h * w);
  for (let i = 0; i < h * w; i++) {
    data[i] = 0.4;
    data[h * w + i] = 0.5 + (0.5 * (i % w)) / w;
    data[2 * h * w + i] = 0.3;
  }
  return tensor(data, [2, 3, h, w]);
};

it('the judge reads several pictures as it reads each of them, on the scales that it promises', async () => {
  const judge = await openJudge();
  try {
    const both = pictures();
    const together = await judge.read(both);
    const [, ...sides] = both.dims;
    const half = both.data.length / 2;
    const alone = await judge.read(tensor(both.data.slice(half), [1, ...sides]));
    expect(together).toHaveLength(2);
    for (const { distribution, valence, arousal, ridgeValence } of together) {
      expect(distribution.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 4);
      for (const rating of [valence, arousal, ridgeValence]) {
        expect(rating).toBeGreaterThan(1);
        expect(rating).toBeLessThan(7);
      }
    }
    expect(together[1]?.valence).toBeCloseTo(alone[0]?.valence as number, 4);
    expect(together[0]?.distribution).not.toEqual(together[1]?.distribution);
  } finally {
    await judge.release();
  }
});
