import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What became of one edit; the predictor is the loop's own. */
export interface Row {
  readonly photo: string;
  readonly target: string;
  readonly before: number;
  readonly after: number;
  readonly isTop: boolean;
  readonly ssim: number;
  readonly isAccepted: boolean;
  readonly iterations: number;
  readonly evaluations: number;
  readonly seconds: number;
}

/** The edits of a run, one line each in `edits.jsonl` of its folder, so that a run goes on where it stopped. */
export interface Ledger {
  readonly rows: readonly Row[];
  find(photo: string, target: string): Row | undefined;
  add(row: Row): Promise<void>;
}

/**
 * @param folder null keeps the rows in memory only
 * @param made what must be the same for rows to stand in one ledger: bundle, seed
 * @throws Error when the folder holds edits that were made otherwise
 */
export async function openLedger(folder: string | null, made: object): Promise<Ledger> {
  const rows: Row[] = [];
  const file = folder === null ? null : join(folder, 'edits.jsonl');
  if (folder !== null && file !== null) {
    await mkdir(folder, { recursive: true });
    await claim(join(folder, 'made.json'), JSON.stringify(made));
    rows.push(...(await readRows(file)));
  }
  return {
    rows,
    find: (photo, target) => rows.find((row) => row.photo === photo && row.target === target),
    async add(row) {
      rows.push(row);
      if (file !== null) await appendFile(file, `${JSON.stringify(row)}\n`);
    },
  };
}

async function claim(path: string, made: string): Promise<void> {
  const before = await readFile(path, 'utf8').catch(() => null);
  if (before === null) return writeFile(path, made);
  if (before === made) return;
  throw new Error(
    `Expected edits made with ${made} in ${path} but found ${before}. Give another --out, or remove that folder.`,
  );
}

async function readRows(file: string): Promise<Row[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  // What follows the last line break was being written when the run stopped.
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole !== text) await writeFile(file, whole);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}
