import { mkdir, writeFile } from 'node:fs/promises';
import { openVocabulary } from '@emoeditor/companion-server/importer/sources/openVocabulary.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../temporaryFolder.ts';

const folder = temporaryFolder('each');
const CLIP_TOKENS = 49408;

describe('the vocabulary of a model', () => {
  beforeEach(() => mkdir(folder('tokenizer')));

  it('whose tokenizer/ is empty or not there is CLIP’s', async () => {
    for (const own of [folder('tokenizer'), folder('none')]) {
      expect((await openVocabulary(undefined, own)).ids.size).toBe(CLIP_TOKENS);
    }
    // What is no vocabulary does not make it one.
    await writeFile(folder('tokenizer/tokenizer_config.json'), '{}');
    expect((await openVocabulary(undefined, folder('tokenizer'))).ids.size).toBe(CLIP_TOKENS);
  });

  it('of which a half is there is refused, with the name of the other', async () => {
    await writeFile(folder('tokenizer/merges.txt'), '');
    await expect(openVocabulary(undefined, folder('tokenizer'))).rejects.toMatchObject({
      code: 'MISSING_FILE',
      message: expect.stringContaining('vocab.json'),
    });
  });

  it('is not looked for elsewhere where a folder is named', async () => {
    await expect(openVocabulary(folder('tokenizer'), folder('none'))).rejects.toMatchObject({
      code: 'MISSING_FILE',
      hint: expect.stringMatching(/leave it out/),
    });
  });
});
