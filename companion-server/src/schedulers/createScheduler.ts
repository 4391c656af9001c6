import { createDdimScheduler } from './ddimScheduler.ts';
import { createDpmSolverMultistepScheduler } from './dpmSolverMultistepScheduler.ts';
import { createEulerAncestralScheduler } from './eulerAncestralScheduler.ts';
import { type NoiseSchedule, scaledLinearSchedule } from './noiseSchedule.ts';
import type { Scheduler } from './scheduler.ts';
import type { Spacing } from './timestepSpacing.ts';

export type SolverName = 'ddim' | 'dpmSolver++' | 'eulerAncestral';

const SOLVERS: Record<SolverName, (schedule: NoiseSchedule, spacing: Spacing) => Scheduler> = {
  ddim: createDdimScheduler,
  'dpmSolver++': createDpmSolverMultistepScheduler,
  eulerAncestral: createEulerAncestralScheduler,
};

/** Computed once and shared by all edits. */
const USUAL_SCHEDULE = scaledLinearSchedule();

/** @throws RangeError for impossible steps */
export function createScheduler(
  solver: SolverName,
  spacing: Spacing,
  schedule: NoiseSchedule = USUAL_SCHEDULE,
): Scheduler {
  return SOLVERS[solver](schedule, spacing);
}
