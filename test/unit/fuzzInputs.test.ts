import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { fuzz as bundle } from '../fuzz/readers/bundle.ts';
import { fuzz as checkpoint } from '../fuzz/readers/checkpoint.ts';
import { fuzz as psd } from '../fuzz/readers/psd.ts';
import { fuzz as tiff } from '../fuzz/readers/tiff.ts';
import { READERS, SEEDS } from '../fuzz/seeds.ts';

const FUZZ = { checkpoint, psd, tiff, bundle };

/** Inputs that failed once: each a small file, made by the fuzzer. */
async function foundBy(reader: string): Promise<Buffer[]> {
  const folder = fileURLToPath(new URL(`../fuzz/found/${reader}/`, import.meta.url));
  const names = await readdir(folder).catch(() => []);
  return Promise.all(names.map((name) => readFile(folder + name)));
}

it.each(READERS)(
  '%s: what the fuzzer starts from, and what it has found, is read or refused in a sentence',
  async (reader) => {
    const seeds = await SEEDS[reader]();
    expect(seeds.length).toBeGreaterThan(1);
    for (const input of [...seeds, ...(await foundBy(reader))])
      await FUZZ[reader](Buffer.from(input));
  },
);
