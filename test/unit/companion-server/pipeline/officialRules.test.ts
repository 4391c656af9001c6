import {
  createOfficialRules,
  officialReturn,
} from '@emoeditor/companion-server/pipeline/ieiRules/official.ts';
import { EMOTIONS } from '@emoeditor/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Opinion } from '../../../fakes/scriptedCritic.ts';
import { UNCHANGED, UNSURE } from './editing.ts';
import { markOf, play, SOURCE_MARK } from './playRules.ts';

const rules = createOfficialRules();
const AWE_CLASS = EMOTIONS.indexOf('awe');

/** An opinion of a picture that shows `label` with p, and awe with pTarget. */
function showing(label: number, p: number, pTarget: number, ssim: number): Opinion {
  const own = label === AWE_CLASS ? p : pTarget;
  const rest = Math.max(0, 1 - p - (label === AWE_CLASS ? 0 : own)) / 6;
  const distribution = EMOTIONS.map((_, i) => (i === label ? p : i === AWE_CLASS ? own : rest));
  return { pTarget: own, ssim, distribution };
}

/** What the authors' test.py does, told step by step (paper.md §1.4): the oracle for the fold in the product. */
function authorsLoop(script: readonly Opinion[]) {
  const valence = (label: number) => [0, 2, 3, 5].includes(label);
  const kept = [SOURCE_MARK];
  const starts: number[] = [];
  let best = 0;
  let bestAt = -2;
  let same = 0;
  let sameAt = -2;
  let label = -1;
  let start = SOURCE_MARK;
  for (let iteration = 0; iteration < script.length; iteration++) {
    if (iteration > 0 && !(best < 0.6 && kept.length < 30)) break;
    starts.push(start);
    const { distribution, ssim } = script[iteration]!;
    label = distribution!.indexOf(Math.max(...distribution!));
    if ((ssim < 0.8 && ssim > 0.5) || label === AWE_CLASS) {
      if (valence(label) === valence(AWE_CLASS) && distribution![label]! > same) {
        same = distribution![label]!;
        sameAt = iteration;
      }
      if (distribution![AWE_CLASS]! > best) {
        best = distribution![AWE_CLASS]!;
        bestAt = iteration;
      }
      kept.push(iteration);
    }
    start = kept.at(-1)!;
  }
  let returned = kept.at(-1)!;
  if (label !== AWE_CLASS) {
    if (best > 0.6) returned = bestAt;
    else if (same !== 0) returned = sameAt;
    else if (best !== 0) returned = bestAt;
  }
  return { starts, returned };
}

const opinions = fc
  .record({
    label: fc.nat(7),
    p: fc.double({ min: 0.3, max: 0.7, noNaN: true }),
    pTarget: fc.double({ min: 0, max: 0.28, noNaN: true }),
    ssim: fc.double({ min: 0.3, max: 1, noNaN: true }),
  })
  .map(({ label, p, pTarget, ssim }) => showing(label, p, pTarget, ssim));

describe('IEI as the authors’ code runs it', () => {
  it('starts, stops and returns as their loop does, whatever the critic says', () => {
    fc.assert(
      fc.property(fc.array(opinions, { minLength: 1, maxLength: 45 }), (script) => {
        const expected = authorsLoop(script);
        const { plans, iterations, origin } = play(
          rules,
          script.map((opinion) => [opinion]),
        );
        expect(plans.map((plan) => markOf(plan))).toEqual(expected.starts);
        expect(officialReturn(iterations, origin)).toBe(expected.returned);
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  it('takes the direction of every later iteration from the first picture (row 3)', () => {
    const worse = { pTarget: 0.1, ssim: 0.6 };
    const { plans } = play(rules, [[UNSURE], [worse], [UNCHANGED], [UNSURE]]);
    const directions = plans.map(({ candidates }) => candidates[0]!.direction[AWE_CLASS]);
    expect(directions).toEqual([0.9, 0.7, 0.7, 0.7]);
  });

  it('lets a picture of any SSIM through if it shows the target (row 1)', () => {
    const lostButAwe = showing(AWE_CLASS, 0.55, 0, 0.1);
    const lost = showing(0, 0.5, 0.2, 0.1);
    const { iterations } = play(rules, [[lostButAwe], [lost]]);
    expect(iterations.map(({ verdict }) => verdict)).toEqual(['accepted', 'ssimTooLow']);
  });

  it('starts below its T because of leading spacing (row 8)', () => {
    const { plans } = play(rules, Array(12).fill([UNSURE]));
    for (const { scheduler } of plans) {
      const ratio = (scheduler.timesteps[0]! - 1) / 29;
      expect(Number.isInteger(ratio)).toBe(true);
      expect(ratio).toBeGreaterThanOrEqual(Math.floor(700 / 30));
      expect(ratio).toBeLessThanOrEqual(Math.floor(980 / 30));
    }
  });

  it('keeps 29 pictures at most, the source being the first of 30 (row 2)', () => {
    expect(play(rules, Array(40).fill([UNSURE])).iterations).toHaveLength(29);
  });

  it('would hand the source back when nothing passed the gate; here the most confident iteration comes back', () => {
    const { iterations, origin } = play(rules, [
      [showing(0, 0.5, 0.1, 0.9)],
      [showing(0, 0.5, 0.2, 0.9)],
      [showing(0, 0.5, 0.15, 0.3)],
    ]);
    expect(officialReturn(iterations, origin)).toBe(-1);
    expect(rules.choose(iterations, origin)).toBe(1);
  });
});
