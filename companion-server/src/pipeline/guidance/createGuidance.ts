import { createClassifierFreeGuidance } from './classifierFreeGuidance.ts';
import type { Guidance, GuidanceScheme } from './guidance.ts';
import { noGuidance } from './noGuidance.ts';

/** Guidance of a scale; at 1 the null prediction cancels out, so it is not computed. */
export function createGuidance(scale: number): Guidance {
  return scale === 1 ? noGuidance : createClassifierFreeGuidance(scale);
}

/** UNet evaluations a step that guidance of this scale costs. */
export const evaluationsPerStep = (scale: number): number => (scale === 1 ? 1 : 2);

/** Guidance over the tokens alone. */
export const TOKEN_GUIDANCE: GuidanceScheme = {
  at: createGuidance,
  evaluations: evaluationsPerStep,
};
