import { createDdimScheduler } from './ddimScheduler.ts';
import { createDpmSolverMultistepScheduler } from './dpmSolverMultistepScheduler.ts';
import { type NoiseSchedule, scaledLinearSchedule } from './noiseSchedule.ts';
import type { Scheduler } from './scheduler.ts';
import type { Spacing } from './timestepSpacing.ts';

export type SolverName = 'ddim' | 'dpmSolver++';

const SOLVERS: Record<SolverName, (schedule: NoiseSchedule, spacing: Spacing) => Scheduler> = {
  ddim: createDdimScheduler,
  'dpmSolver++': createDpmSolverMultistepScheduler,
};

/** @throws RangeError for impossible steps */
export function createScheduler(
  solver: SolverName,
  spacing: Spacing,
  schedule: NoiseSchedule = scaledLinearSchedule(),
): Scheduler {
  return SOLVERS[solver](schedule, spacing);
}
