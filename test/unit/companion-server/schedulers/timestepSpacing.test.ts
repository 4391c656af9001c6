import { createScheduler } from '@emoeditor/companion-server/schedulers/createScheduler.ts';
import {
  FRESH,
  startStepForStrength,
  startStepForTimestep,
} from '@emoeditor/companion-server/schedulers/scheduler.ts';
import {
  ddimTimesteps,
  dpmSolverTimesteps,
} from '@emoeditor/companion-server/schedulers/timestepSpacing.ts';
import { describe, expect, it } from 'vitest';

describe('timestep spacing', () => {
  // diffusers 0.42.1, timestep_spacing linspace, 1000 training timesteps
  it.each([
    [ddimTimesteps, 1, [0]],
    [ddimTimesteps, 7, [999, 832, 666, 500, 333, 166, 0]],
    [ddimTimesteps, 10, [999, 888, 777, 666, 555, 444, 333, 222, 111, 0]],
    [dpmSolverTimesteps, 1, [999]],
    [dpmSolverTimesteps, 7, [999, 856, 714, 571, 428, 285, 143]],
    [dpmSolverTimesteps, 10, [999, 899, 799, 699, 599, 500, 400, 300, 200, 100]],
  ])('linspace of %o in %i steps', (timesteps, steps, expected) => {
    expect(timesteps({ spacing: 'linspace', steps, trainTimesteps: 1000 })).toEqual(expected);
  });

  it('starts below T with leading spacing, as the authors do without meaning to (paper.md §1.4, row 8)', () => {
    const first = (trainTimesteps: number) =>
      ddimTimesteps({ spacing: 'leading', steps: 30, trainTimesteps })[0];
    expect([first(700), first(980)]).toEqual([668, 929]);
  });

  it.each([0, 1.5, 1000])('refuses %d steps over 1000 timesteps', (steps) => {
    const spacing = { spacing: 'trailing', steps, trainTimesteps: 1000 } as const;
    expect(() => ddimTimesteps(spacing)).toThrow(`1 … 999 steps`);
  });
});

describe('truncation', () => {
  const scheduler = createScheduler('dpmSolver++', {
    spacing: 'trailing',
    steps: 10,
    trainTimesteps: 1000,
  });

  it.each([
    [1, 0],
    [0.85, 2],
    [0.5, 5],
    [0, 9],
  ])('strength %d starts at step %i', (strength, step) => {
    expect(startStepForStrength(scheduler, strength)).toBe(step);
  });

  it.each([
    [2000, 0],
    [999, 0],
    [849, 1],
    [848, 2],
    [50, 9],
  ])('timestep %i starts at step %i', (timestep, step) => {
    expect(startStepForTimestep(scheduler, timestep)).toBe(step);
  });

  it('begins at first order wherever it starts: no step needs what was before', () => {
    const sample = Float32Array.of(1, -1);
    const { prevSample } = scheduler.step(Float32Array.of(0.5, 0.5), 4, sample, FRESH);
    expect(prevSample.every(Number.isFinite)).toBe(true);
  });

  it('refuses a step that it does not have', () => {
    const x = new Float32Array(1);
    expect(() => scheduler.step(x, 10, x, FRESH)).toThrow('0 … 9 but received 10');
    expect(() => scheduler.addNoise(x, new Float32Array(2), 0)).toThrow('1 values');
  });
});
