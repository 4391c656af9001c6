import { encodePreview } from '../../imaging/encodePreview.ts';
import { decodeSmall } from '../../imaging/smallPicture.ts';
import type { Results } from '../run/results.ts';
import { escaped, table } from './html.ts';
import type { Grid } from './measured.ts';

/** Differences are small: shown twice as strong, around grey. */
const GAIN = 2;

/** Photographs side by side with what each method made of them, and what it changed: a row a target. */
export async function pictureGrids(grid: Grid, results: Results): Promise<string> {
  const tables: string[] = [];
  for (const photograph of grid.photographs) {
    const source = await results.findSource(photograph);
    if (source === null) continue;
    const rows: string[][] = [];
    for (const target of grid.targets) {
      const row = [target, picture(source.shown)];
      for (const method of grid.methods) {
        const result = await results.find({ photograph, method, target });
        row.push(
          result === null
            ? '–'
            : picture(result.pictures.shown) +
                picture(await difference(source.shown, result.pictures.shown)),
        );
      }
      rows.push(row);
    }
    tables.push(
      table(['target', 'source', ...grid.methods.map(escaped)], rows, escaped(photograph)),
    );
  }
  return tables.join('');
}

const picture = (jpeg: string) =>
  `<img alt="" loading="lazy" src="data:image/jpeg;base64,${jpeg}">`;

/** edit − source around grey, as base64 of a JPEG. */
async function difference(source: string, edit: string): Promise<string> {
  const [from, to] = await Promise.all(
    [source, edit].map((text) => decodeSmall(Buffer.from(text, 'base64'))),
  );
  if (from === undefined || to === undefined) return '';
  const rgb = Uint8Array.from(
    Uint8ClampedArray.from(from.rgb, (value, i) => 128 + GAIN * ((to.rgb[i] ?? value) - value)),
  );
  return Buffer.from(await encodePreview({ ...from, rgb })).toString('base64');
}
