import { createHash } from 'node:crypto';
import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { openPartialBundle } from '@emoeditor/companion-server/importer/bundle/partialBundle.ts';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../temporaryFolder.ts';

const folder = temporaryFolder('each');
const open = (key = 'key') => openPartialBundle(folder('new.partial'), key);
const sumOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** Writes a file of two weights and stops after the first, or does not. */
async function writeTwo(stop = false): Promise<void> {
  const partial = await open();
  const sums = partial.sums('w');
  await sums.keep(0);
  await writeFile(partial.path('w'), stop ? 'one' : 'onetwo');
  await sums.note(sumOf('one'));
  if (!stop) await sums.note(sumOf('onetwo'));
}

const whole = { name: 'w', bytes: 6, sha256: sumOf('onetwo') };

describe('openPartialBundle', () => {
  it('returns the checksums that an earlier run recorded', async () => {
    await writeTwo(true);
    expect((await open()).sums('w').noted).toEqual([sumOf('one')]);
  });

  it('recognises a finished file by its length and checksum', async () => {
    await writeTwo(true);
    expect(await (await open()).finished('w', 6)).toBeNull();
    await writeTwo();
    expect(await (await open()).finished('w', 6)).toEqual(whole);
    expect(await (await open()).finished('w', 7)).toBeNull();
    await writeFile(folder('new.partial/w'), 'onetwO');
    expect(await (await open()).finished('w', 6)).toBeNull();
  });

  it('does not trust checksums of an earlier run before they are verified', async () => {
    await writeTwo();
    const partial = await open();
    await writeFile(partial.path('w'), 'other');
    expect((await partial.finish('w')).sha256).toBe(sumOf('other'));
  });

  it('ignores the last line of a journal that was cut off', async () => {
    await writeTwo(true);
    const journal = folder('new.partial/journal.jsonl');
    const before = await readFile(journal, 'utf8');
    await appendFile(journal, '{"file":"w","sha2');
    expect((await open()).sums('w').noted).toEqual([sumOf('one')]);
    expect(await readFile(journal, 'utf8')).toBe(before);
  });

  it('removes files of another import, and everything but weights', async () => {
    await writeTwo();
    await writeFile(folder('new.partial/left.over'), '');
    await open();
    expect(await readdir(folder('new.partial'))).toEqual(['journal.jsonl', 'w']);
    expect((await open('other key')).sums('w').noted).toEqual([]);
    expect(await readdir(folder('new.partial'))).toEqual(['journal.jsonl']);
  });

  it('takes a folder that is empty', async () => {
    await mkdir(folder('new.partial'));
    await expect(open()).resolves.toBeDefined();
  });

  it('becomes the bundle without its journal', async () => {
    await writeTwo();
    await (await open()).rename(folder('new'));
    expect(await readdir(folder())).toEqual(['new']);
    expect(await readdir(folder('new'))).toEqual(['w']);
  });

  it.each([
    ['no journal', {}],
    ['somebody else’s journal', { 'journal.jsonl': '{"key":"key"}\n' }],
    ['a journal of nothing', { 'journal.jsonl': '' }],
  ])('does not touch a folder with %s', async (_, files) => {
    const all = { 'thesis.txt': 'three years of work', ...files };
    await mkdir(folder('new.partial'));
    for (const [name, text] of Object.entries(all))
      await writeFile(folder('new.partial', name), text);
    await expect(open()).rejects.toMatchObject({
      code: 'OUTPUT_EXISTS',
      message: expect.stringMatching(/Expected .*new\.partial to be free.* but it has no journal/),
      hint: expect.stringMatching(/Move or remove it/),
    });
    expect((await readdir(folder('new.partial'))).toSorted()).toEqual(Object.keys(all).toSorted());
    expect(await readFile(folder('new.partial/thesis.txt'), 'utf8')).toBe('three years of work');
  });

  it('does not touch a file of that name', async () => {
    await writeFile(folder('new.partial'), 'mine');
    await expect(open()).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    expect(await readFile(folder('new.partial'), 'utf8')).toBe('mine');
  });
});
