import type { Measured } from './measured.ts';

/** One line an edit: what it is of, every metric, what the judges read before and after, and its cost. */
export function csvOf(measured: readonly Measured[], metrics: readonly string[]): string {
  const judges = [...new Set(measured.flatMap(({ judged }) => Object.keys(judged)))];
  const classes = judges.flatMap((judge) =>
    ['before', 'after'].flatMap((when) =>
      Array.from({ length: 8 }, (_, i) => `${judge}.${when}.${i}`),
    ),
  );
  const headings = [
    ...['photograph', 'method', 'target', ...metrics, ...classes],
    ...['unetEvaluations', 'seconds', 'peakMegabytes', 'outcome', 'instruction', 'version'],
  ];
  const lines = measured.map((one) => {
    const { photograph, method, target, cost, told, version } = one;
    return [
      ...[photograph, method, target],
      ...metrics.map((key) => one.metrics[key] ?? ''),
      ...judges.flatMap((judge) => {
        const { before = [], after = [] } = one.judged[judge] ?? {};
        return [...before, ...after];
      }),
      ...[cost.unetEvaluations, cost.seconds, cost.peakMegabytes],
      ...[told?.outcome ?? '', told?.instruction ?? '', version],
    ].map(field);
  });
  return `${[headings, ...lines].map((line) => line.join(',')).join('\r\n')}\r\n`;
}

/** As RFC 4180 quotes. */
const field = (value: string | number): string =>
  /[",\r\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);
