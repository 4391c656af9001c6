import { join } from 'node:path';
import { exists } from '../../files/onDisk.ts';
import { readText } from '../../files/readText.ts';
import {
  type ClipVocabulary,
  MERGES_FILE,
  parseTokenizer,
  parseVocabulary,
  readClipVocabulary,
  TOKENIZER_FILE,
  VOCABULARY_FILE,
} from '../../text/clipVocabulary.ts';
import { ImportError } from '../importError.ts';

/**
 * The vocabulary of a text encoder: from the folder that the user names, from the model's own where it has one, or
 * CLIP's, which every Stable Diffusion 1 has.
 * @param own where the model's is if it has one
 * @throws ImportError MISSING_FILE, UNSUPPORTED
 */
export async function openVocabulary(
  given: string | undefined,
  own: string,
): Promise<ClipVocabulary> {
  if (given !== undefined) return readVocabulary(given);
  return (await hasVocabulary(own)) ? readVocabulary(own) : readClipVocabulary();
}

/** A folder without any of these files is as good as none: a download may leave one behind. */
async function hasVocabulary(folder: string): Promise<boolean> {
  const found = [VOCABULARY_FILE, MERGES_FILE, TOKENIZER_FILE].map((name) =>
    exists(join(folder, name)),
  );
  return (await Promise.all(found)).includes(true);
}

async function readVocabulary(folder: string): Promise<ClipVocabulary> {
  const isOne =
    !(await exists(join(folder, MERGES_FILE))) && (await exists(join(folder, TOKENIZER_FILE)));
  const read = (name: string) =>
    readText(join(folder, name)).catch((cause: unknown) => {
      throw new ImportError(
        'MISSING_FILE',
        `Expected the tokenizer’s ${name} in ${folder} but it cannot be read.`,
        `Give the folder with ${VOCABULARY_FILE} and ${MERGES_FILE}, or with ${TOKENIZER_FILE}, or leave it out: CLIP’s own vocabulary is built in.`,
        cause,
      );
    });
  const texts = isOne
    ? [await read(TOKENIZER_FILE)]
    : [await read(VOCABULARY_FILE), await read(MERGES_FILE)];
  try {
    const [first = '', merges] = texts;
    return merges === undefined ? parseTokenizer(first) : parseVocabulary(first, merges);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ImportError('UNSUPPORTED', `${folder}: ${reason}`, 'Give another tokenizer.', cause);
  }
}
