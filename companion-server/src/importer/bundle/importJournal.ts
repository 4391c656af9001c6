import { appendFile, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

export const JOURNAL = 'journal.jsonl';
/** Temporary name of a journal that is being rewritten. */
export const NEW_JOURNAL = `${JOURNAL}.new`;

/** By weights file: after each weight, the SHA-256 of the file up to its end. */
export type NotedSums = ReadonlyMap<string, readonly string[]>;

/** Journal of an unfinished import: one line per weight written. */
export interface ImportJournal {
  /** Files with at least one entry. */
  files(): ReadonlySet<string>;
  sumsOf(file: string): readonly string[];
  note(file: string, sha256: string): Promise<void>;
  /** Forgets what was noted of a file after its first `count` weights. */
  keep(file: string, count: number): Promise<void>;
}

const firstLine = z.object({ partialBundle: z.string() });
const sumLine = z.object({ file: z.string(), sha256: z.string() });

/** Null where there is no journal of ours. */
export async function readJournal(
  folder: string,
): Promise<{ readonly key: string; readonly sums: NotedSums } | null> {
  const text = await readFile(join(folder, JOURNAL), 'utf8').catch(() => '');
  const [first = '', ...lines] = text.split('\n');
  const head = firstLine.safeParse(parse(first));
  if (!head.success) return null;
  const sums = new Map<string, string[]>();
  for (const line of lines) {
    const { success, data } = sumLine.safeParse(parse(line));
    // Everything after an incomplete line is ignored.
    if (!success) break;
    add(sums, data.file, data.sha256);
  }
  return { key: head.data.partialBundle, sums };
}

/** Starts a journal, or continues that of an earlier run. */
export async function startJournal(
  folder: string,
  key: string,
  noted: NotedSums,
): Promise<ImportJournal> {
  const path = join(folder, JOURNAL);
  const sums = new Map(Array.from(noted, ([file, before]) => [file, [...before]]));
  const line = (value: object) => `${JSON.stringify(value)}\n`;
  const writeAll = async () => {
    const lines = Array.from(sums, ([file, all]) => all.map((sha256) => line({ file, sha256 })));
    const text = [line({ partialBundle: key }), ...lines.flat()].join('');
    await writeFile(join(folder, NEW_JOURNAL), text, { flush: true });
    await rename(join(folder, NEW_JOURNAL), path);
  };
  await writeAll();
  return {
    files: () => new Set(sums.keys()),
    sumsOf: (file) => sums.get(file) ?? [],
    async note(file, sha256) {
      add(sums, file, sha256);
      await appendFile(path, line({ file, sha256 }));
    },
    async keep(file, count) {
      const before = sums.get(file) ?? [];
      if (before.length <= count) return;
      sums.set(file, before.slice(0, count));
      await writeAll();
    },
  };
}

function add(sums: Map<string, string[]>, file: string, sha256: string): void {
  const before = sums.get(file);
  if (before === undefined) sums.set(file, [sha256]);
  else before.push(sha256);
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
