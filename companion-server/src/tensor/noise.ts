import { type Tensor, tensor } from './tensor.ts';
import { gaussianValues, philox } from './tensorKernel.ts';

/** Selects a random stream: each (seed, iteration, candidate) has one independent of all others. */
export interface NoiseStream {
  readonly seed: number;
  readonly iteration: number;
  readonly candidate: number;
}

/** Last word of the counter: the purpose of the numbers, so that no two purposes share a number. */
const USE = { noise: 0, choice: 1, steps: 2 } as const;

/** Standard normal noise; number i depends on the stream and i alone, and is the same to the bit on every machine. */
export function gaussianNoise(
  dims: readonly number[],
  { seed, iteration, candidate }: NoiseStream,
): Tensor {
  const count = dims.reduce((product, dim) => product * dim, 1);
  return tensor(gaussianValues(count, [iteration, candidate, USE.noise], seed >>> 0), dims);
}

/** Fresh noise for one step of an ancestral sampler, independent of the start noise and of that of other steps. */
export function stepNoise(
  dims: readonly number[],
  { seed, iteration, candidate }: NoiseStream,
  step: number,
): Tensor {
  const count = dims.reduce((product, dim) => product * dim, 1);
  return tensor(gaussianValues(count, [iteration, candidate, USE.steps + step], seed >>> 0), dims);
}

/** A uniformly distributed whole number of low … high, both included. */
export function randomInteger(low: number, high: number, stream: NoiseStream): number {
  const counter = [0, stream.iteration, stream.candidate, USE.choice] as const;
  const [word] = philox(counter, [stream.seed >>> 0, 0]);
  return low + Math.floor(((word + 0.5) / 0x1_0000_0000) * (high - low + 1));
}
