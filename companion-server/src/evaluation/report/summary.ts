import { EMOTIONS, type Emotion } from '@emoeditor/shared';
import { type Bin, calibrationError, reliability, type Sure } from '../metrics/calibration.ts';
import { type Metric, metricsFor } from '../metrics/catalogue.ts';
import { firstOf } from '../metrics/emotionRates.ts';
import { bootstrap, type Estimate, meanOf, medianOf } from './bootstrap.ts';
import type { Grid, Measured } from './measured.ts';

export interface Resampling {
  readonly resamples: number;
  readonly seed: number;
}

/** Everything that is told of one method. */
export interface MethodSummary {
  readonly method: string;
  readonly edits: number;
  /** By metric; null where no edit has it. */
  readonly metrics: Readonly<Record<string, Estimate | null>>;
  /** The same for the edits to one emotion. */
  readonly byTarget: Readonly<Partial<Record<Emotion, Readonly<Record<string, Estimate | null>>>>>;
  /** By judge: how many edits to an emotion (row) are first of which class (column). */
  readonly confusion: Readonly<Record<string, readonly (readonly number[])[]>>;
  readonly calibration: Calibration | null;
  readonly cost: {
    readonly unetEvaluations: Estimate | null;
    readonly seconds: Estimate | null;
    readonly peakMegabytes: number;
  };
}

/** How far what the predictor is sure of in an edit is what the second judge sees first. */
export interface Calibration {
  readonly error: Estimate | null;
  readonly bins: readonly Bin[];
}

export interface Summary {
  readonly judges: readonly string[];
  readonly metrics: Readonly<Record<string, Metric>>;
  readonly methods: readonly MethodSummary[];
}

/** Estimates of everything that was measured. */
export function summarise(
  { methods, targets }: Grid,
  measured: readonly Measured[],
  resampling: Resampling,
): Summary {
  const judges = [...new Set(measured.flatMap(({ judged }) => Object.keys(judged)))];
  const metrics = metricsFor(judges);
  const summaryOf = (method: string): MethodSummary => {
    const own = measured.filter((one) => one.method === method);
    const of = (edits: readonly Measured[]) => estimates(edits, metrics, resampling);
    return {
      ...{ method, edits: own.length, metrics: of(own) },
      byTarget: Object.fromEntries(
        targets.map((target) => [target, of(own.filter((one) => one.target === target))]),
      ),
      confusion: Object.fromEntries(judges.map((judge) => [judge, confusionOf(own, judge)])),
      calibration: judges.includes('judge') ? calibrationOf(own, resampling) : null,
      cost: {
        unetEvaluations: estimate(own, ({ cost }) => cost.unetEvaluations, meanOf, resampling),
        seconds: estimate(own, ({ cost }) => cost.seconds, meanOf, resampling),
        peakMegabytes: Math.max(0, ...own.map(({ cost }) => cost.peakMegabytes)),
      },
    };
  };
  return { judges, metrics, methods: methods.map(summaryOf) };
}

function estimates(
  edits: readonly Measured[],
  metrics: Readonly<Record<string, Metric>>,
  resampling: Resampling,
): Record<string, Estimate | null> {
  const entries = Object.entries(metrics).map(([key, { middle }]) => {
    const statistic = middle === 'median' ? medianOf : meanOf;
    return [key, estimate(edits, (one) => one.metrics[key] ?? null, statistic, resampling)];
  });
  return Object.fromEntries(entries);
}

function estimate(
  edits: readonly Measured[],
  figureOf: (edit: Measured) => number | null,
  statistic: (values: readonly number[]) => number,
  resampling: Resampling,
): Estimate | null {
  const groups = [...byPhotograph(edits).values()].map((own) =>
    own.map(figureOf).filter((value) => value !== null),
  );
  return bootstrap(groups, statistic, resampling);
}

function byPhotograph(edits: readonly Measured[]): Map<string, Measured[]> {
  const groups = new Map<string, Measured[]>();
  for (const edit of edits) {
    const own = groups.get(edit.photograph) ?? [];
    own.push(edit);
    groups.set(edit.photograph, own);
  }
  return groups;
}

function confusionOf(edits: readonly Measured[], judge: string): number[][] {
  const counts = EMOTIONS.map(() => EMOTIONS.map(() => 0));
  for (const { target, judged } of edits) {
    const row = counts[EMOTIONS.indexOf(target)];
    const first = firstOf(judged[judge]?.after ?? []);
    if (row?.[first] !== undefined) row[first] += 1;
  }
  return counts;
}

function calibrationOf(edits: readonly Measured[], resampling: Resampling): Calibration {
  const sure = ({ judged }: Measured): Sure[] => {
    const [told, seen] = [judged['predictor']?.after, judged['judge']?.after];
    if (told === undefined || seen === undefined) return [];
    return [{ confidence: Math.max(...told), isRight: firstOf(told) === firstOf(seen) }];
  };
  const all = edits.flatMap(sure);
  // The bootstrap draws numbers: the places of predictions.
  let place = 0;
  const groups = [...byPhotograph(edits).values()].map((own) =>
    own.flatMap(sure).map(() => place++),
  );
  const ordered = [...byPhotograph(edits).values()].flatMap((own) => own.flatMap(sure));
  const error = bootstrap(
    groups,
    (places) => calibrationError(places.map((at) => ordered[at] as Sure)) ?? 0,
    resampling,
  );
  return { error, bins: reliability(all) };
}
