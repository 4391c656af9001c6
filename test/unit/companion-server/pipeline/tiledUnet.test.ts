import type { UNet } from '@emoeditor/companion-server/pipeline/modelPorts.ts';
import { tiledUNet } from '@emoeditor/companion-server/pipeline/tiledUnet.ts';
import { type Tensor, tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { describe, expect, it } from 'vitest';

const TOKENS = tensor(new Float32Array(2), [1, 1, 2]);
const [HEIGHT, WIDTH] = [20, 30];

/** Two rows of two channels of noise and two of the picture, all different. */
const sample = tensor(
  Float32Array.from({ length: 2 * 4 * HEIGHT * WIDTH }, (_, i) => Math.sin(i * 0.7)),
  [2, 4, HEIGHT, WIDTH],
);

/** Predicts from each place alone: tiles make no difference to it. */
function pointwise(seen: number[][]): UNet {
  return {
    async predictNoise({ data, dims }) {
      seen.push([...dims]);
      const [n = 0, channels = 0, h = 0, w = 0] = dims;
      const half = (channels / 2) * h * w;
      const out = new Float32Array(n * half);
      for (let row = 0; row < n; row++) {
        for (let i = 0; i < half; i++) {
          out[row * half + i] = data[row * 2 * half + i]! - 0.5 * data[row * 2 * half + half + i]!;
        }
      }
      return tensor(out, [n, channels / 2, h, w]);
    },
  };
}

/** Predicts the number of the call: shows where one tile ends and the next begins. */
function counting(): UNet {
  let call = 0;
  return {
    async predictNoise({ dims }) {
      call += 1;
      const [n = 0, channels = 0, h = 0, w = 0] = dims;
      const size = (n * channels * h * w) / 2;
      return tensor(new Float32Array(size).fill(call), [n, channels / 2, h, w]);
    },
  };
}

const worst = (a: Tensor, b: Tensor) =>
  a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - b.data[i]!)), 0);

describe('a UNet in tiles', () => {
  it('is the UNet itself where the latents fit into one', async () => {
    const seen: number[][] = [];
    const unet = tiledUNet(pointwise(seen), { side: 30, overlap: 4 });
    await unet.predictNoise(sample, 1, TOKENS);
    expect(seen).toEqual([[2, 4, HEIGHT, WIDTH]]);
  });

  it('cuts, predicts and puts together without a loss, over all rows and channels', async () => {
    const seen: number[][] = [];
    const whole = await pointwise([]).predictNoise(sample, 1, TOKENS);
    const tiled = await tiledUNet(pointwise(seen), { side: 12, overlap: 4 }).predictNoise(
      sample,
      1,
      TOKENS,
    );
    expect(tiled.dims).toEqual(whole.dims);
    expect(worst(tiled, whole)).toBeLessThan(1e-6);
    expect(seen.length).toBe(2 * 4);
    expect(seen.every((dims) => dims.join() === '2,4,12,12')).toBe(true);
  });

  it('goes from one tile to the next without a step', async () => {
    const line = tensor(new Float32Array(2 * 16 * 28), [1, 2, 16, 28]);
    const { data } = await tiledUNet(counting(), { side: 16, overlap: 4 }).predictNoise(
      line,
      1,
      TOKENS,
    );
    const steps = Array.from({ length: 27 }, (_, x) => Math.abs(data[x + 1]! - data[x]!));
    expect(data[0]).toBe(1);
    expect(data[27]).toBe(2);
    expect(Math.max(...steps)).toBeLessThan(0.5);
  });

  it('leaves out the tiles that nobody wants', async () => {
    const seen: number[][] = [];
    const wanted = new Uint8Array(HEIGHT * WIDTH);
    wanted[2 * WIDTH + 3] = 1;
    const unet = tiledUNet(pointwise(seen), { side: 12, overlap: 4, wanted });
    const { data } = await unet.predictNoise(sample, 1, TOKENS);
    expect(seen.length).toBe(1);
    expect(data[2 * WIDTH + 3]).not.toBe(0);
    expect(data[HEIGHT * WIDTH - 1]).toBe(0);
  });
});
