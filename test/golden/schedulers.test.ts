import { readFileSync } from 'node:fs';
import {
  createScheduler,
  type SolverName,
} from '@emoeditor/companion-server/schedulers/createScheduler.ts';
import { scaledLinearSchedule } from '@emoeditor/companion-server/schedulers/noiseSchedule.ts';
import {
  FRESH,
  type SolverState,
  startStepForStrength,
} from '@emoeditor/companion-server/schedulers/scheduler.ts';
import type { TimestepSpacing } from '@emoeditor/companion-server/schedulers/timestepSpacing.ts';
import { describe, expect, it } from 'vitest';

/** Written by training/golden/schedulers.py from diffusers; `provenance` in the file names the versions. */
interface Golden {
  readonly provenance: { readonly diffusers: string };
  readonly alphasCumprod: Readonly<Record<string, number>>;
  readonly cases: readonly Case[];
  readonly ancestral: readonly AncestralCase[];
}

/** Euler ancestral from pure noise; `fresh` is the noise of each step. */
interface AncestralCase
  extends Pick<
    Case,
    'name' | 'steps' | 'timesteps' | 'noise' | 'start' | 'modelOutputs' | 'samples'
  > {
  readonly fresh: ReadonlyArray<readonly number[]>;
}

interface Case {
  readonly name: string;
  readonly scheduler: 'ddim' | 'dpmsolver++';
  readonly spacing: TimestepSpacing;
  readonly steps: number;
  readonly strength: number;
  readonly trainTimesteps: number;
  readonly timesteps: readonly number[];
  readonly source: readonly number[];
  readonly noise: readonly number[];
  readonly start: readonly number[];
  readonly modelOutputs: ReadonlyArray<readonly number[]>;
  readonly samples: ReadonlyArray<readonly number[]>;
}

const golden = JSON.parse(
  readFileSync(new URL('schedulers.json', import.meta.url), 'utf8'),
) as Golden;
const SOLVERS: Record<Case['scheduler'], SolverName> = {
  ddim: 'ddim',
  'dpmsolver++': 'dpmSolver++',
};

/** Greatest difference, in units of the expected array's own greatest value: diffusers works in float32. */
function relativeError(actual: ArrayLike<number>, expected: readonly number[]): number {
  expect(actual.length).toBe(expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((value, i) => Math.abs(value - actual[i]!))) / scale;
}

describe(`schedulers against diffusers ${golden.provenance.diffusers}`, () => {
  it('has the same noise schedule', () => {
    const { alphasCumprod } = scaledLinearSchedule();
    for (const [t, expected] of Object.entries(golden.alphasCumprod)) {
      expect(Math.abs(alphasCumprod[Number(t)]! / expected - 1)).toBeLessThan(2e-6);
    }
  });

  it.each(golden.cases)('$name', (example) => {
    const scheduler = createScheduler(SOLVERS[example.scheduler], example);
    const first = startStepForStrength(scheduler, example.strength);
    expect(scheduler.timesteps.slice(first)).toEqual(example.timesteps);

    let sample = scheduler.addNoise(
      Float32Array.from(example.source),
      Float32Array.from(example.noise),
      first,
    );
    expect(relativeError(sample, example.start)).toBeLessThan(1e-6);

    let state: SolverState = FRESH;
    example.modelOutputs.forEach((output, i) => {
      const result = scheduler.step(Float32Array.from(output), first + i, sample, state);
      sample = result.prevSample;
      state = result.state;
      expect(relativeError(sample, example.samples[i]!)).toBeLessThan(2e-5);
    });
  });

  it.each(golden.ancestral)('$name', ({ steps, timesteps, noise, start, ...example }) => {
    const scheduler = createScheduler('eulerAncestral', {
      spacing: 'linspace',
      steps,
      trainTimesteps: 1000,
    });
    expect(relativeError(scheduler.timesteps, timesteps)).toBeLessThan(1e-6);
    const nothing = new Float32Array(noise.length);
    let sample = scheduler.addNoise(nothing, Float32Array.from(noise), 0);
    expect(relativeError(sample, start)).toBeLessThan(2e-6);
    example.modelOutputs.forEach((output, i) => {
      const fresh = Float32Array.from(example.fresh[i]!);
      const { prevSample } = scheduler.step(Float32Array.from(output), i, sample, FRESH, fresh);
      sample = prevSample;
      expect(relativeError(sample, example.samples[i]!)).toBeLessThan(2e-5);
    });
  });

  it('Euler ancestral takes no step without fresh noise, no other spacing and no single step', () => {
    const spacing = { spacing: 'linspace', steps: 5, trainTimesteps: 1000 } as const;
    const x = Float32Array.of(1);
    const scheduler = createScheduler('eulerAncestral', spacing);
    expect(() => scheduler.step(x, 0, x, FRESH)).toThrow(/fresh noise/);
    for (const other of [{ steps: 1 }, { spacing: 'leading' } as const]) {
      expect(() => createScheduler('eulerAncestral', { ...spacing, ...other })).toThrow(/linspace/);
    }
  });
});
