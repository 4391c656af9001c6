import {
  filterShares,
  median,
} from '@emoeditor/companion-server/evaluation/metrics/filterShare.ts';
import { EMOTIONS, type Emotion } from '@emoeditor/shared';
import sharp from 'sharp';
import {
  type EditMeasured,
  type Measurements,
  type PhotoMeasured,
  thumbOf,
  type Variant,
} from './measurements.mts';

const VARIANTS: readonly Variant[] = ['delivered', 'decoded', 'filter'];
/** The filter share needs other photographs to fit the table on. */
const FEWEST = 3;

interface Line {
  readonly emotion: string;
  readonly values: Readonly<Record<string, number | null>>;
}

/** Everything that was measured, as a table for people and as data. */
export async function tableOf(
  photos: readonly PhotoMeasured[],
  results: Pick<Measurements, 'thumbsOf'>,
): Promise<{ markdown: string; json: object }> {
  const judges = Object.keys(photos[0]?.source ?? {});
  const lines: Line[] = [];
  for (const emotion of EMOTIONS) {
    const values = {
      ...measuresOf(photos, judges, emotion),
      ...(await sharesOf(photos, results, emotion)),
    };
    lines.push({ emotion, values });
  }
  const columns = Object.keys(lines[0]?.values ?? {});
  lines.push({
    emotion: 'all',
    values: Object.fromEntries(
      columns.map((name) => [name, mean(lines.map(({ values }) => values[name] ?? null))]),
    ),
  });
  const cell = (value: number | null | undefined) =>
    value === null || value === undefined ? '–' : value.toFixed(2);
  const rows = lines.map(
    ({ emotion, values }) =>
      `| ${emotion} | ${columns.map((name) => cell(values[name])).join(' | ')} |`,
  );
  const heading = `| | ${columns.join(' | ')} |\n|---|${columns.map(() => '---|').join('')}`;
  const reported = photos.flatMap(({ edits }) => edits.map(differenceOf)).sort((a, b) => a - b);
  const within = reported.filter((value) => value <= 0.02).length / reported.length;
  const note = `${photos.length} photographs, ${reported.length} edits. Reported and read again differ by at most 0.02 in ${(100 * within).toFixed(0)} % (median ${(reported[reported.length >> 1] ?? 0).toFixed(3)}, most ${(reported.at(-1) ?? 0).toFixed(3)}).`;
  return {
    markdown: [heading, ...rows, '', note].join('\n'),
    json: { photographs: photos.length, lines, reported: { within, most: reported.at(-1) } },
  };
}

/** Largest difference between what the loop said and what the file is read as. */
const differenceOf = ({ reported, delivered }: EditMeasured) =>
  Math.max(...reported.map((value, i) => Math.abs(value - (delivered['predictor']?.[i] ?? 0))));

function measuresOf(photos: readonly PhotoMeasured[], judges: readonly string[], emotion: Emotion) {
  const index = EMOTIONS.indexOf(emotion);
  const edits = photos.flatMap((photo) =>
    photo.edits.filter((edit) => edit.emotion === emotion).map((edit) => ({ photo, edit })),
  );
  const values: Record<string, number | null> = {};
  for (const judge of judges) {
    const of = (pick: (one: (typeof edits)[number]) => readonly number[] | undefined) =>
      mean(edits.map((one) => pick(one)?.[index] ?? null));
    values[`${judge}: no change`] = of(({ photo }) => photo.source[judge]);
    for (const variant of VARIANTS) {
      values[`${judge}: ${variant}`] = of(({ edit }) => edit[variant][judge]);
    }
  }
  const own = (pick: (edit: EditMeasured) => number) => mean(edits.map(({ edit }) => pick(edit)));
  return {
    ...values,
    convinced: own(({ outcome }) => (outcome === 'notConvinced' ? 0 : 1)),
    strength: own(({ strength }) => strength),
    SSIM: own(({ ssim }) => ssim),
    'clipped, points': own(({ clipped }) => clipped.delivered),
    'clipped by filter': own(({ clipped }) => clipped.filter),
  };
}

async function sharesOf(
  photos: readonly PhotoMeasured[],
  results: Pick<Measurements, 'thumbsOf'>,
  emotion: Emotion,
) {
  if (photos.length < FEWEST) return {};
  const values: Record<string, number | null> = {};
  for (const variant of ['delivered', 'filter'] as const) {
    const pairs = await Promise.all(
      photos.map(async ({ photo, thumb }) => {
        const { data } = await sharp(results.thumbsOf(photo))
          .raw()
          .toBuffer({ resolveWithObject: true });
        const bytes = thumb.width * thumb.height * 3;
        const at = (which: number) =>
          new Uint8Array(data.subarray(which * bytes, (which + 1) * bytes));
        return { source: at(0), edit: at(thumbOf(emotion, variant)) };
      }),
    );
    const { others, own } = filterShares(pairs);
    values[`filter share: ${variant}`] = median(others);
    if (variant === 'delivered') values['own share'] = median(own);
  }
  return values;
}

function mean(values: readonly (number | null)[]): number | null {
  const there = values.filter((value) => value !== null);
  return there.length === 0 ? null : there.reduce((sum, value) => sum + value, 0) / there.length;
}
