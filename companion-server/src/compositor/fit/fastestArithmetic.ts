import type { FitArithmetic } from './fitArithmetic.ts';
import { createFitKernel, hasFitKernel } from './fitKernel.ts';
import { plainArithmetic } from './plainArithmetic.ts';

let fastest: FitArithmetic | undefined;

/** The fastest that this machine has. */
export function fastestArithmetic(): FitArithmetic {
  fastest ??= hasFitKernel() ? createFitKernel() : plainArithmetic;
  return fastest;
}
