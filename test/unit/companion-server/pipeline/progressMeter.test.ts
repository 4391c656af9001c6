import { createProgressMeter } from '@emoeditor/companion-server/pipeline/progressMeter.ts';
import type { Progress } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';

const limits = { maxIterations: 6, maxUNetEvaluations: 1000, maxSeconds: 3600 };

/** An edit of `iterations` with four steps of 8 evaluations each. Gives what was told, with the time that was left then. */
function play(iterations: number, stepMs: (iteration: number, step: number) => number) {
  const told: { readonly progress: Progress; readonly now: number }[] = [];
  let now = 0;
  const meter = createProgressMeter(
    limits,
    () => now,
    (progress) => void told.push({ progress, now }),
  );
  for (let iteration = 0; iteration < iterations; iteration++) {
    meter.iteration(iteration, 4, 32);
    for (let step = 1; step <= 4; step++) {
      now += stepMs(iteration, step);
      meter.step(step, 8);
    }
    for (const stage of ['decode', 'score'] as const) {
      meter.stage(stage);
      now += 100;
    }
  }
  return { told, end: now };
}

describe('the time left', () => {
  it('only falls, whatever the steps take', () => {
    const { told } = play(6, (iteration, step) => 200 + 150 * ((iteration * 7 + step * 5) % 4));
    const shown = told.flatMap(({ progress }) => progress.etaMs ?? []);
    expect(shown.length).toBeGreaterThan(20);
    expect(shown).toEqual(shown.toSorted((a, b) => b - a));
  });

  it('is right to a fifth after the first iteration where all are needed', () => {
    // The first step warms up.
    const { told, end } = play(6, (iteration, step) => (iteration + step === 1 ? 1500 : 300));
    const later = told.filter(({ progress }) => progress.iteration > 0 && progress.fraction < 0.9);
    for (const { progress, now } of later) {
      const left = end - now;
      expect(Math.abs((progress.etaMs ?? 0) - left) / left).toBeLessThan(0.2);
    }
  });

  it('is not guessed from the step that warms up', () => {
    const { told } = play(1, () => 300);
    expect(told.slice(0, 2).map(({ progress }) => progress.etaMs)).toEqual([undefined, undefined]);
  });
});
