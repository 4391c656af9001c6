import { EMOTIONS, type Emotion, type EmotionVector } from '@emoeditor/shared';
import { createScheduler } from '../../schedulers/createScheduler.ts';
import type { CriticReport } from '../critic/critic.ts';
import { emotionDirection } from '../emotionDirection.ts';
import { PUBLISHED, verdictOf } from './acceptance.ts';
import { planFromNoise } from './fromNoise.ts';
import { bestOf, type IeiRules, type Iteration, indexOfGreatest, type Origin } from './rules.ts';
import { randomTrainTimesteps } from './startTimestep.ts';

export const OFFICIAL_STEPS = 30;
const STOP_AT = 0.6;
/** `num_loop`: the list that it bounds begins with the source, so 29 accepted pictures fill it. */
const LIST_LENGTH = 30;

const POSITIVE: ReadonlySet<Emotion> = new Set(['amusement', 'awe', 'contentment', 'excitement']);

const labelOf = (distribution: EmotionVector) => indexOfGreatest(distribution);
const isPositive = (label: number) => POSITIVE.has(EMOTIONS[label] as Emotion);

/** The variables of the authors' loop after some iterations; pictures are named by their iteration, the source is −1. */
interface Trace {
  /** Last picture of `pred_Img`. */
  readonly lastKept: number;
  readonly listLength: number;
  readonly bestTarget: { readonly p: number; readonly iteration: number };
  /** Surest picture of the target's own valence, sure of whatever class it shows. */
  readonly bestSame: { readonly p: number; readonly iteration: number };
}

const START: Trace = {
  lastKept: -1,
  listLength: 1,
  bestTarget: { p: 0, iteration: -1 },
  bestSame: { p: 0, iteration: -1 },
};

/** The gate is an OR: a picture of any SSIM passes if it shows the target. */
function passesGate({ ssim, distribution }: CriticReport, target: number): boolean {
  const inWindow = ssim > PUBLISHED.ssimAbove && ssim < PUBLISHED.ssimBelow;
  return inWindow || labelOf(distribution) === target;
}

function follow(trace: Trace, iteration: Iteration, index: number, target: number): Trace {
  const report = bestOf(iteration);
  if (!passesGate(report, target)) return trace;
  const label = labelOf(report.distribution);
  const own = report.distribution[label] ?? 0;
  const sameValence = isPositive(label) === isPositive(target);
  return {
    lastKept: index,
    listLength: trace.listLength + 1,
    bestTarget:
      report.pTarget > trace.bestTarget.p
        ? { p: report.pTarget, iteration: index }
        : trace.bestTarget,
    bestSame: sameValence && own > trace.bestSame.p ? { p: own, iteration: index } : trace.bestSame,
  };
}

function traceOf(iterations: readonly Iteration[], origin: Origin): Trace {
  const target = labelOf(origin.target);
  return iterations.reduce(
    (trace, iteration, index) => follow(trace, iteration, index, target),
    START,
  );
}

/** What the authors' last lines return: an iteration, or −1 for the untouched source. */
export function officialReturn(iterations: readonly Iteration[], origin: Origin): number {
  const { bestTarget, bestSame, lastKept } = traceOf(iterations, origin);
  const last = iterations.at(-1);
  if (last !== undefined && labelOf(bestOf(last).distribution) !== labelOf(origin.target)) {
    if (bestTarget.p > STOP_AT) return bestTarget.iteration;
    if (bestSame.p !== 0) return bestSame.iteration;
    if (bestTarget.p !== 0) return bestTarget.iteration;
  }
  return lastKept;
}

/**
 * IEI as the authors' test.py and ip2p.py run it, defects kept: OR instead of AND in the gate, the direction of
 * every later iteration taken from the first picture, rejected pictures thrown away, 0.6 as the stop rule only, T drawn
 * anew and put into the scheduler's leading spacing (so the start noise is weaker than T), their return rule.
 * Not kept:
 * - the missing bound on rejected iterations: the caller's limits bound it;
 * - latents sampled from the encoder's distribution: its mode is taken;
 * - the trip between iterations: they decode, clamp, round to 8-bit pixels and encode again, here the latents go on;
 * - 224 × 224: they squash the photograph to a square, here it keeps its shape at about that area;
 * - float16 throughout: here as the bundle stores and the provider computes;
 * - SSIM on grey that is cut to whole numbers: here on the grey itself;
 * - returning the untouched source: the most confident iteration is returned instead.
 */
export function createOfficialRules(
  steps: number = OFFICIAL_STEPS,
  guidanceScale = 1,
  isFromNoise = false,
): IeiRules {
  return {
    judges: 'decoded',
    strengths: [],
    plan(iterations, origin) {
      const { lastKept, listLength, bestTarget } = traceOf(iterations, origin);
      const [first] = iterations;
      if (first !== undefined && !(bestTarget.p < STOP_AT && listLength < LIST_LENGTH)) return null;
      if (isFromNoise) return planFromNoise(origin, { steps, guidanceScale });
      const distribution = first === undefined ? origin.distribution : bestOf(first).distribution;
      const scheduler = createScheduler('ddim', {
        spacing: 'leading',
        steps,
        trainTimesteps: randomTrainTimesteps(origin.seed, iterations.length),
      });
      const candidate = {
        start: iterations[lastKept]?.latents ?? origin.latents,
        startStep: 0,
        direction: emotionDirection(origin.target, distribution),
        guidanceScale,
      };
      return { scheduler, candidates: [candidate] };
    },
    judge: (report, origin) =>
      passesGate(report, labelOf(origin.target)) ? 'accepted' : verdictOf(report, PUBLISHED),
    asked: () => PUBLISHED.pTargetAbove,
    rank: ({ pTarget }) => pTarget,
    choose(iterations, origin) {
      const returned = officialReturn(iterations, origin);
      return returned >= 0
        ? returned
        : indexOfGreatest(iterations.map((iteration) => bestOf(iteration).pTarget));
    },
  };
}
