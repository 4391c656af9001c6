import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createVerifiedFiles } from '@emoeditor/companion-server/models/verifiedFiles.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../temporaryFolder.ts';

const folder = temporaryFolder('each');
let weights: string;
beforeEach(async () => {
  weights = folder('unet.weights');
  await writeFile(weights, 'abc');
});

const ledger = () => createVerifiedFiles(folder('cache', 'verified.json'), 1);

describe('createVerifiedFiles', () => {
  it('remembers a file between starts, for its checksum only', async () => {
    expect(await ledger().has(weights, 'sum')).toBe(false);
    await ledger().add(weights, 'sum');
    expect(await ledger().has(weights, 'sum')).toBe(true);
    expect(await ledger().has(weights, 'other')).toBe(false);
  });

  it('forgets a file that was written since', async () => {
    await ledger().add(weights, 'sum');
    await writeFile(weights, 'abcd');
    expect(await ledger().has(weights, 'sum')).toBe(false);
  });

  it('forgets a file whose date changed', async () => {
    await ledger().add(weights, 'sum');
    await utimes(weights, 1000, 1000);
    expect(await ledger().has(weights, 'sum')).toBe(false);
  });

  it('does not keep small files, and survives a damaged or unwritable ledger', async () => {
    const file = folder('verified.json');
    await createVerifiedFiles(file, 4).add(weights, 'sum');
    expect(await createVerifiedFiles(file).has(weights, 'sum')).toBe(false);
    await writeFile(file, '{"a":');
    expect(await createVerifiedFiles(file).has(weights, 'sum')).toBe(false);
    await createVerifiedFiles(join(weights, 'not-a-folder'), 1).add(weights, 'sum');
  });
});
