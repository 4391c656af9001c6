import { normalQuantile } from './normalQuantile.ts';
import { type PhiloxKey, philox } from './philox.ts';
import { type Tensor, zeros } from './tensor.ts';

/** Whose random numbers: each (seed, iteration, candidate) has a stream independent of all others. */
export interface NoiseStream {
  readonly seed: number;
  readonly iteration: number;
  readonly candidate: number;
}

/** Last word of the counter: what the numbers are for, so that no two uses share a number. */
const USE = { noise: 0, choice: 1 } as const;

/** (word + ½) / 2³²: never 0 or 1, where the quantile is infinite. */
const uniform = (word: number) => (word + 0.5) / 0x1_0000_0000;

const keyOf = (seed: number): PhiloxKey => [seed >>> 0, 0];

/** Standard normal noise; number i depends on the stream and i alone, and is the same to the bit on every machine. */
export function gaussianNoise(dims: readonly number[], stream: NoiseStream): Tensor {
  const noise = zeros(dims);
  const { data } = noise;
  const key = keyOf(stream.seed);
  for (let i = 0, block = 0; i < data.length; block++) {
    for (const word of philox([block, stream.iteration, stream.candidate, USE.noise], key)) {
      if (i < data.length) data[i++] = normalQuantile(uniform(word));
    }
  }
  return noise;
}

/** A uniformly distributed whole number of low … high, both included. */
export function randomInteger(low: number, high: number, stream: NoiseStream): number {
  const [word] = philox([0, stream.iteration, stream.candidate, USE.choice], keyOf(stream.seed));
  return low + Math.floor(uniform(word) * (high - low + 1));
}
