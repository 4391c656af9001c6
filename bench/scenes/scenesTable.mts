import {
  filterShares,
  median,
} from '@emoeditor/companion-server/evaluation/metrics/filterShare.ts';
import { EMOTIONS, type Emotion } from '@emoeditor/shared';
import type { PhotoScenes, SceneMeasured } from './measured.mts';

/** Smallest probability of which a logarithm is taken. */
const LEAST = 1e-3;

/** Everything that was measured, one line an emotion. */
export function scenesTable(photos: readonly PhotoScenes[]): string {
  const lines = EMOTIONS.map((emotion) => ({ emotion, values: lineOf(photos, emotion) }));
  const columns = Object.keys(lines[0]?.values ?? {});
  const all = Object.fromEntries(
    columns.map((name) => [name, mean(lines.map(({ values }) => values[name] ?? null))]),
  );
  const cell = (value: number | null | undefined) =>
    value === null || value === undefined ? '–' : value.toFixed(2);
  const row = (name: string, values: Line) =>
    `| ${name} | ${columns.map((column) => cell(values[column])).join(' | ')} |`;
  const used = new Map<string, number>();
  for (const { edits } of photos) {
    for (const id of edits.map(({ instructions }) => instructions[0] ?? 'light alone')) {
      used.set(id, (used.get(id) ?? 0) + 1);
    }
  }
  const often = [...used].sort((a, b) => b[1] - a[1]).map(([id, count]) => `${id} ${count}`);
  return [
    `| | ${columns.join(' | ')} |`,
    `|---|${columns.map(() => '---|').join('')}`,
    ...lines.map(({ emotion, values }) => row(emotion, values)),
    row('all', all),
    '',
    `${photos.length} photographs. Delivered: ${often.join(', ')}.`,
  ].join('\n');
}

type Line = Readonly<Record<string, number | null>>;

function lineOf(photos: readonly PhotoScenes[], emotion: Emotion): Line {
  const edits = photos.flatMap((photo) => photo.edits.filter((one) => one.emotion === emotion));
  const of = (pick: (edit: SceneMeasured) => number | null) => mean(edits.map(pick));
  const risen = (p: number, before: number) =>
    Math.log(Math.max(LEAST, p)) - Math.log(Math.max(LEAST, before));
  const valences = edits.map(({ valence }) => valence);
  return {
    ...sharesOf(photos, emotion),
    'first class, %': of(({ isFirst }) => (isFirst.delivered ? 100 : 0)),
    'by filter': of(({ isFirst }) => (isFirst.filter ? 100 : 0)),
    'ln P rise, median': median(edits.map(({ p }) => risen(p.delivered, p.before))),
    'of filter': median(edits.map(({ p }) => risen(p.filter, p.before))),
    valence: mean(valences),
    '± standard error': standardError(valences),
    'instructions of three seeds': of(({ instructions }) => new Set(instructions).size),
    'clipped, points': of(({ clipped }) => clipped),
    'faces recoloured': edits.reduce((sum, { faces }) => sum + faces.recoloured, 0),
    'edit, s': median(edits.map(({ seconds }) => seconds.edit)),
    'first preview, s': median(edits.map(({ seconds }) => seconds.first)),
  };
}

function sharesOf(photos: readonly PhotoScenes[], emotion: Emotion) {
  if (photos.length < 2) return { 'filter share': null, 'own share': null };
  const pairs = photos.map(({ thumbs }) => ({
    source: bytesOf(thumbs[0]),
    edit: bytesOf(thumbs[1 + EMOTIONS.indexOf(emotion)]),
  }));
  const { others, own } = filterShares(pairs);
  return { 'filter share': median(others), 'own share': median(own) };
}

const bytesOf = (base64 = '') => new Uint8Array(Buffer.from(base64, 'base64'));

function mean(values: readonly (number | null)[]): number | null {
  const there = values.filter((value) => value !== null);
  return there.length === 0 ? null : there.reduce((sum, value) => sum + value, 0) / there.length;
}

function standardError(values: readonly number[]): number | null {
  const middle = mean(values);
  if (middle === null || values.length < 2) return null;
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}
