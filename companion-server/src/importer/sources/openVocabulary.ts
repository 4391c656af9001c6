import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from '../../files/onDisk.ts';
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
  return (await exists(own)) ? readVocabulary(own) : readClipVocabulary();
}

async function readVocabulary(folder: string): Promise<ClipVocabulary> {
  const isOne =
    !(await exists(join(folder, MERGES_FILE))) && (await exists(join(folder, TOKENIZER_FILE)));
  const read = (name: string) =>
    readFile(join(folder, name), 'utf8').catch((cause: unknown) => {
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
