import { escaped } from './html.ts';
import type { Calibration } from './summary.ts';

const SIDE = 220;
const EDGE = 34;

/** Accuracy over confidence, a bar a bin, against the diagonal of a calibrated predictor; as inline SVG. */
export function reliabilityDiagram(method: string, { bins, error }: Calibration): string {
  const x = (value: number) => EDGE + value * SIDE;
  const y = (value: number) => EDGE / 2 + (1 - value) * SIDE;
  const dots = bins.map(
    ({ confidence, accuracy, count }) =>
      `<circle cx="${x(confidence).toFixed(1)}" cy="${y(accuracy).toFixed(1)}" r="${(2 + Math.sqrt(count)).toFixed(1)}" fill="#36c" fill-opacity=".6"><title>${count} edits, sure ${confidence.toFixed(2)}, agreed ${accuracy.toFixed(2)}</title></circle>`,
  );
  const ticks = [0, 0.5, 1].map(
    (value) =>
      `<text x="${x(value)}" y="${y(0) + 14}" text-anchor="middle">${value}</text><text x="${EDGE - 5}" y="${y(value) + 4}" text-anchor="end">${value}</text>`,
  );
  const told = error === null ? '' : `: ECE ${error.value.toFixed(3)}`;
  return `<svg width="${SIDE + 2 * EDGE}" height="${SIDE + 2 * EDGE}" font-family="sans-serif" font-size="11" role="img" aria-label="reliability of ${escaped(method)}">
<rect x="${EDGE}" y="${EDGE / 2}" width="${SIDE}" height="${SIDE}" fill="none" stroke="#999"/>
<path d="M${x(0)} ${y(0)}L${x(1)} ${y(1)}" stroke="#999" stroke-dasharray="4"/>${dots.join('')}${ticks.join('')}
<text x="${x(0.5)}" y="${y(0) + 30}" text-anchor="middle">${escaped(method + told)}</text></svg>`;
}
