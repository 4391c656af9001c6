import { readFile, truncate, writeFile } from 'node:fs/promises';
import {
  createWeightsLayout,
  type WeightSums,
} from '@emoeditor/companion-server/importer/weights/weightsFile.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../temporaryFolder.ts';

const folder = temporaryFolder('each');
const NAMES = ['a', 'b', 'c', 'd'];
/** What the file is like without any stop. */
let whole: Buffer;

beforeEach(async () => {
  await write('whole', notebook().sums);
  whole = await readFile(folder('whole'));
});

/** Sums as a journal keeps them. */
function notebook() {
  const noted: string[] = [];
  const sums: WeightSums = {
    noted,
    keep: async (count) => void noted.splice(count),
    note: async (sum) => void noted.push(sum),
  };
  return { noted, sums };
}

/** Writes four weights, the third of them in int8, with a scale behind it; says which were read. */
async function write(file: string, sums: WeightSums, stopAfter = Number.POSITIVE_INFINITY) {
  const controller = new AbortController();
  const read: string[] = [];
  const layout = createWeightsLayout(file, 'int8');
  NAMES.forEach((name, index) => {
    const shape = name === 'c' ? [64, 512] : [index + 5];
    const length = shape.reduce((product, side) => product * side, 1);
    const values = Float32Array.from({ length }, (_, i) => index + Math.sin(i));
    layout.place({
      name,
      shape,
      async read() {
        read.push(name);
        return values;
      },
    });
  });
  let counted = 0;
  const onWeight = () => {
    if (++counted === stopAfter) controller.abort();
  };
  const run = layout.write(folder(file), { signal: controller.signal, onWeight, sums });
  if (stopAfter > NAMES.length) await run;
  else await expect(run).rejects.toThrow(/abort/i);
  return { read, counted };
}

/** Stops after three of the four weights. */
async function stopped() {
  const journal = notebook();
  await write('w', journal.sums, 3);
  expect(journal.noted).toHaveLength(3);
  return journal;
}

async function expectWhole(): Promise<void> {
  expect((await readFile(folder('w'))).equals(whole)).toBe(true);
}

describe('a file of weights that was not written to its end', () => {
  it('is continued after its last whole weight, counting the kept ones as progress', async () => {
    const { sums } = await stopped();
    expect(await write('w', sums)).toEqual({ read: ['d'], counted: 4 });
    await expectWhole();
  });

  it('gets the same checksums as without the interruption', async () => {
    const { noted, sums } = await stopped();
    await write('w', sums);
    const other = notebook();
    await write('other', other.sums);
    expect(noted).toEqual(other.noted);
  });

  it.each([
    ['a weight', 64 + 3, ['b', 'c', 'd']],
    ['the room between two weights', 64 + 40, ['c', 'd']],
  ])('is kept up to where %s is damaged', async (_, at, read) => {
    const { sums } = await stopped();
    const bytes = await readFile(folder('w'));
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await writeFile(folder('w'), bytes);
    expect((await write('w', sums)).read).toEqual(read);
    await expectWhole();
  });

  it('is continued after a second interruption that followed damage', async () => {
    const { noted, sums } = await stopped();
    await writeFile(folder('w'), 'damaged');
    expect((await write('w', sums, 2)).read).toEqual(['a', 'b']);
    expect(noted).toHaveLength(2);
    expect((await write('w', sums)).read).toEqual(['c', 'd']);
    await expectWhole();
  });

  it('is kept up to the last complete weight', async () => {
    const { sums } = await stopped();
    await truncate(folder('w'), 64 + 7);
    expect((await write('w', sums)).read).toEqual(['b', 'c', 'd']);
    await expectWhole();
  });

  it('loses everything after the last recorded weight', async () => {
    const { noted, sums } = await stopped();
    await writeFile(folder('w'), Buffer.alloc(1000, 7), { flag: 'a' });
    noted.pop();
    expect((await write('w', sums)).read).toEqual(['c', 'd']);
    await expectWhole();
  });

  it('is written again when the file was deleted', async () => {
    const { sums } = await stopped();
    await truncate(folder('w'), 0);
    expect((await write('w', sums)).read).toEqual(NAMES);
    await expectWhole();
  });

  it('keeps its verified part when interrupted during verification', async () => {
    const { noted, sums } = await stopped();
    await write('w', sums, 1);
    expect(noted).toHaveLength(3);
    expect((await write('w', sums)).read).toEqual(['d']);
  });

  it('is written again when no checksums were recorded', async () => {
    await stopped();
    await writeFile(folder('w'), Buffer.alloc(1000, 7), { flag: 'a' });
    expect((await write('w', notebook().sums)).read).toEqual(NAMES);
    await expectWhole();
  });
});
