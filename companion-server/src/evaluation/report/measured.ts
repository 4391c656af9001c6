import type { Emotion } from '@emoeditor/shared';
import { decodeSmall } from '../../imaging/smallPicture.ts';
import { sharesByOthers } from '../metrics/filterShare.ts';
import type { EditResult, Results, SmallPictures } from '../run/results.ts';

/** A result without its pictures, and with what only many edits together tell. */
export type Measured = Omit<EditResult, 'pictures'>;

/** What a run holds. */
export interface Grid {
  readonly photographs: readonly string[];
  readonly methods: readonly string[];
  readonly targets: readonly Emotion[];
}

/** Fewest photographs that a table of colours is fitted on, beside the one it is tried on. */
const FEWEST = 3;

/**
 * Reads every result, one target after another, and adds the filter share to its metrics.
 */
export async function readMeasured(grid: Grid, results: Results): Promise<Measured[]> {
  const measured: Measured[] = [];
  const sources = new Map<string, Uint8Array>();
  for (const name of grid.photographs) {
    const pictures = await results.findSource(name);
    if (pictures !== null) sources.set(name, await thumbOf(pictures));
  }
  for (const target of grid.targets) {
    const found: EditResult[] = [];
    for (const method of grid.methods) {
      for (const photograph of grid.photographs) {
        const result = await results.find({ photograph, method, target });
        if (result !== null) found.push(result);
      }
    }
    const shares = await filterSharesOf(grid, found, sources);
    for (const { pictures: _, ...result } of found) {
      const filterShare = shares.get(keyOf(result)) ?? null;
      measured.push({ ...result, metrics: { ...result.metrics, filterShare } });
    }
  }
  return measured;
}

const thumbOf = async ({ thumb }: SmallPictures) =>
  (await decodeSmall(Buffer.from(thumb, 'base64'))).rgb;

const keyOf = ({ photograph, method }: Pick<EditResult, 'photograph' | 'method'>) =>
  `${method}\n${photograph}`;

/** Of all edits to one target; a method counts when all its photographs are there. */
async function filterSharesOf(
  { photographs, methods }: Grid,
  found: readonly EditResult[],
  sources: ReadonlyMap<string, Uint8Array>,
): Promise<Map<string, number | null>> {
  const shares = new Map<string, number | null>();
  if (photographs.length < FEWEST) return shares;
  const whole = methods.filter(
    (method) => found.filter((one) => one.method === method).length === photographs.length,
  );
  const edits: Uint8Array[][] = [];
  for (const method of whole) {
    const own = found.filter((one) => one.method === method);
    const series: Uint8Array[] = [];
    for (const { pictures } of own) series.push(await thumbOf(pictures));
    edits.push(series);
  }
  const order = photographs.flatMap((name) => sources.get(name) ?? []);
  if (edits.length === 0 || order.length < photographs.length) return shares;
  for (const [j, series] of sharesByOthers(order, edits).entries()) {
    for (const [i, share] of series.entries()) {
      shares.set(
        keyOf({ method: whole[j] as string, photograph: photographs[i] as string }),
        share,
      );
    }
  }
  return shares;
}
