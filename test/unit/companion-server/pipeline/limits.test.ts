import { describe, expect, it } from 'vitest';
import { createScriptedModels } from '../../../fakes/scriptedModels.ts';
import { ACCEPTABLE, startEdit, TEST_FAST, UNSURE } from './editing.ts';

const NEVER = [[UNSURE]];

describe('cancelling', () => {
  it('in the middle of a step: that step is the last, and the reason comes out', async () => {
    const controller = new AbortController();
    const scripted = createScriptedModels();
    scripted.duringStep = (_, index) => {
      if (index === 2) controller.abort(new Error('the user pressed Cancel'));
    };
    const { outcome, recorded } = startEdit({ scripted, signal: controller.signal });
    await expect(outcome).rejects.toThrow('the user pressed Cancel');
    expect(scripted.unetCalls).toHaveLength(3);
    expect(recorded.reports).toEqual([]);
  });

  it('in a later iteration: the finished ones have been told, nothing more comes', async () => {
    const controller = new AbortController();
    const scripted = createScriptedModels();
    scripted.duringStep = (_, index) => {
      if (index === 5) controller.abort(new Error('stop'));
    };
    const { outcome, recorded } = startEdit({ scripted, signal: controller.signal, script: NEVER });
    await expect(outcome).rejects.toThrow('stop');
    expect(scripted.unetCalls).toHaveLength(6);
    expect(recorded.reports).toHaveLength(1);
  });

  it('before the start: no model is asked', async () => {
    const scripted = createScriptedModels();
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(startEdit({ scripted, signal }).outcome).rejects.toThrow('too late');
    expect(scripted.unetCalls).toHaveLength(0);
  });
});

describe('limit on UNet evaluations', () => {
  it.each([1, 2, 3, 7, 13, 14, 20, 31, 63])(
    '%i is never exceeded and always gives a picture',
    async (cap) => {
      const scripted = createScriptedModels();
      const { outcome } = startEdit({
        scripted,
        script: NEVER,
        request: { maxUNetEvaluations: cap },
      });
      const result = await outcome;
      const run = scripted.unetCalls.reduce((total, { rows }) => total + rows, 0);
      expect(run).toBeLessThanOrEqual(cap);
      expect(result.unetEvaluations).toBe(run);
      expect(result.iterations.length).toBeGreaterThan(0);
    },
  );

  it('drops the candidates that cannot be paid for and keeps the others', async () => {
    const scripted = createScriptedModels();
    // The first candidate costs 8, the second 6.
    await startEdit({
      scripted,
      script: NEVER,
      request: { maxUNetEvaluations: 13, maxIterations: 1 },
    }).outcome;
    expect(scripted.unetCalls.map(({ rows }) => rows)).toEqual([2, 2, 2, 2]);
  });

  it.each([11, 17])('%i: counts steps without guidance once, no more and no less', async (cap) => {
    const scripted = createScriptedModels();
    const { weakest, strongest } = TEST_FAST;
    const fast = {
      ...TEST_FAST,
      weakest: { ...weakest, unguidedSteps: 1 },
      strongest: { ...strongest, unguidedSteps: 1 },
    };
    await startEdit({
      scripted,
      fast,
      script: NEVER,
      request: { maxUNetEvaluations: cap, maxIterations: 1 },
    }).outcome;
    // The first candidate costs 2 + 2 + 2 + 1, the second, one step later, 2 + 2 + 1.
    const both = [2, 4, 4, 2];
    const first = [2, 2, 2, 1];
    expect(scripted.unetCalls.map(({ rows }) => rows)).toEqual(cap < 12 ? first : both);
  });

  it('ends the paper’s loop after the iterations it pays for', async () => {
    const { outcome } = startEdit({
      request: { mode: 'paper', steps: 4, maxUNetEvaluations: 11 },
      script: NEVER,
    });
    expect((await outcome).iterations).toHaveLength(2);
  });
});

describe('limit on time', () => {
  const slow = (msPerStep: number) => {
    let clock = 0;
    const scripted = createScriptedModels();
    scripted.duringStep = () => {
      clock += msPerStep;
    };
    return { scripted, now: () => clock, script: NEVER };
  };

  it('gives an iteration up in its middle and returns the best so far', async () => {
    const parts = slow(1000);
    const { outcome } = startEdit({ ...parts, request: { maxSeconds: 6 } });
    const result = await outcome;
    expect(result.iterations).toHaveLength(1);
    expect(parts.scripted.unetCalls).toHaveLength(6);
    expect(result.unetEvaluations).toBeGreaterThan(result.iterations[0]!.report.unetEvaluations);
  });

  it('lets the first iteration end, without which there is no picture', async () => {
    const { outcome } = startEdit({ ...slow(5000), request: { maxSeconds: 1 } });
    expect((await outcome).iterations).toHaveLength(1);
  });
});

describe('progress', () => {
  it.each(['fast', 'paper', 'official'] as const)(
    '%s: never falls, and 1 is left to the result',
    async (mode) => {
      let clock = 0;
      const scripted = createScriptedModels();
      scripted.duringStep = () => {
        clock += 10;
      };
      const script = [[UNSURE], [UNSURE], [UNSURE], [ACCEPTABLE]];
      const { outcome, recorded } = startEdit({
        scripted,
        script,
        now: () => clock,
        request: { mode },
      });
      await outcome;
      const fractions = recorded.progress.map(({ fraction }) => fraction);
      expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
      expect(fractions[0]).toBe(0);
      expect(fractions.at(-1)).toBeLessThan(1);
      expect(new Set(recorded.progress.map(({ stage }) => stage))).toEqual(
        new Set(['encode', 'predict', 'denoise', 'decode', 'score']),
      );
      expect(recorded.progress.at(-1)!.iteration).toBe(3);
    },
  );

  it('counts the steps of an iteration and foretells what is left', async () => {
    let clock = 0;
    const scripted = createScriptedModels();
    scripted.duringStep = ({ rows }) => {
      clock += rows * 10;
    };
    const { outcome, recorded } = startEdit({
      scripted,
      now: () => clock,
      request: { maxIterations: 2 },
      script: NEVER,
    });
    await outcome;
    const steps = recorded.progress.filter(({ stage, step }) => stage === 'denoise' && step > 0);
    expect(steps.slice(0, 4).map(({ step, steps: of }) => [step, of])).toEqual([
      [1, 4],
      [2, 4],
      [3, 4],
      [4, 4],
    ]);
    // Two iterations of 14 evaluations of 10 ms; the first step of the first has run 2 of them.
    // The step that warms up is not counted, and decoding and judging are allowed for.
    expect(steps[0]!.etaMs).toBeUndefined();
    expect(steps[3]!.etaMs).toBe(140 * 1.3);
    expect(recorded.progress[0]!.etaMs).toBeUndefined();
  });
});
