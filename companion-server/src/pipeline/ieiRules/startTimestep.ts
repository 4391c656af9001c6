import { randomInteger } from '../../tensor/noise.ts';

/** T ~ U{700 … 980} for every iteration, as in the authors' ip2p.py. */
export function randomTrainTimesteps(seed: number, iteration: number): number {
  return randomInteger(700, 980, { seed, iteration, candidate: 0 });
}
