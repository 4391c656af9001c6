import { EMOTIONS, type Emotion } from '@emoeditor/shared';
import { WAITING } from '../methods/waiting.ts';
import type { Metric } from '../metrics/catalogue.ts';
import type { Estimate } from './bootstrap.ts';
import { escaped, table } from './html.ts';
import type { Summary } from './summary.ts';

/** Metrics that are shown by emotion too. */
const BY_TARGET = ['emoA', 'emoS', 'esmi', 'ssim', 'filterShare'];

/** A value, and below it the interval. */
export function cell(estimate: Estimate | null | undefined, digits: number): string {
  if (estimate === null || estimate === undefined) return '–';
  const { value, low, high } = estimate;
  return `${value.toFixed(digits)}<br><small>${low.toFixed(digits)} … ${high.toFixed(digits)}</small>`;
}

const ARROWS = { more: ' ↑', less: ' ↓' } as const;
const headingOf = ({ title, better }: Metric) =>
  escaped(`${title}${better === null ? '' : ARROWS[better]}`);

/** All metrics, a table for each judge and one for the pictures themselves. */
export function metricTables({ judges, metrics, methods }: Summary): string {
  const groups = [
    ...judges.map((judge) => (key: string) => key.startsWith(`${judge}.`)),
    (key: string) => !key.includes('.'),
  ];
  return groups
    .map((belongs) => {
      const keys = Object.keys(metrics).filter(
        (key) => belongs(key) && methods.some((one) => (one.metrics[key] ?? null) !== null),
      );
      const known = keys.map((key) => metrics[key] as Metric);
      return table(
        ['method', ...known.map(headingOf)],
        methods.map((one) => [
          escaped(one.method),
          ...keys.map((key, i) => cell(one.metrics[key], (known[i] as Metric).digits)),
        ]),
      );
    })
    .join('');
}

export function definitions({ metrics }: Summary): string {
  const lines = Object.values(metrics).map(
    ({ title, about }) => `<dt>${escaped(title)}</dt><dd>${escaped(about)}</dd>`,
  );
  return `<dl>${lines.join('')}</dl>`;
}

/** A metric a table: methods by emotions. */
export function emotionTables({ metrics, methods }: Summary, targets: readonly Emotion[]): string {
  return Object.entries(metrics)
    .filter(([key]) => BY_TARGET.includes(key.split('.').at(-1) as string))
    .map(([key, metric]) =>
      table(
        ['method', ...targets],
        methods.map(({ method, byTarget }) => [
          escaped(method),
          ...targets.map((target) => cell(byTarget[target]?.[key], metric.digits)),
        ]),
        headingOf(metric),
      ),
    )
    .join('');
}

/** Targets by the first class of what was made, for each method. */
export function confusionTables({ judges, methods }: Summary, targets: readonly Emotion[]): string {
  return methods
    .flatMap(({ method, confusion }) =>
      judges.map((judge) =>
        table(
          ['target', ...EMOTIONS],
          targets.map((target) => [
            target,
            ...(confusion[judge]?.[EMOTIONS.indexOf(target)] ?? []).map((count) =>
              count === 0 ? '·' : String(count),
            ),
          ]),
          escaped(`${method}: first class by the ${judge}`),
        ),
      ),
    )
    .join('');
}

export function costTable({ methods }: Summary): string {
  return table(
    ['method', 'edits', 'UNet evaluations', 'seconds', 'peak memory of the process, MB'],
    methods.map(({ method, edits, cost }) => [
      escaped(method),
      String(edits),
      cell(cost.unetEvaluations, 1),
      cell(cost.seconds, 2),
      String(cost.peakMegabytes),
    ]),
  );
}

/** Rows of the paper's table that wait for something. */
export function waitingTable(): string {
  const rows = Object.entries(WAITING).map(([name, { title, waitsFor }]) => [
    escaped(title),
    `<div style="text-align:left;white-space:normal">${escaped(`${name} ${waitsFor}`)}</div>`,
  ]);
  return table(['method', 'what it waits for'], rows);
}
