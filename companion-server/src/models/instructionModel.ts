import { join } from 'node:path';
import { readText } from '../files/readText.ts';
import type { InstructionLists, InstructionModel } from '../pipeline/modelPorts.ts';
import { rowOf } from '../tensor/ops.ts';
import { type Tensor, tensor } from '../tensor/tensor.ts';
import { createClipTokenizer } from '../text/clipTokenizer.ts';
import { MERGES_FILE, parseVocabulary, VOCABULARY_FILE } from '../text/clipVocabulary.ts';
import type { Bundle } from './bundle.ts';
import { INSTRUCTIONS_FILE } from './instructionLists.ts';
import type { LazySessions } from './lazySessions.ts';
import { ModelError } from './modelError.ts';

/** What InstructPix2Pix was published with (Brooks et al. 2023, edit_cli.py). */
const PUBLISHED = { text: 7.5, image: 1.5 };
const PUBLISHED_STEPS = 100;

/** Size of the token cache: the product's own instructions (8 × 10) and the empty text. */
const KEPT = 81;

/**
 * The text encoder of a bundle, in memory only while it encodes: it is a third of the UNet's size, and tokens are
 * cached.
 */
export function createInstructionModel(
  folder: string,
  { conditioning, guidance = PUBLISHED }: Pick<Bundle, 'conditioning' | 'guidance'>,
  lists: InstructionLists,
  sessions: Pick<LazySessions, 'get' | 'close'>,
): InstructionModel {
  const known = new Map<string, Tensor>();
  const read = async (texts: readonly string[]) => {
    const [vocabulary, merges] = await Promise.all(
      [VOCABULARY_FILE, MERGES_FILE].map((name) => readText(join(folder, name))),
    );
    const tokenizer = createClipTokenizer(parseVocabulary(vocabulary ?? '', merges ?? ''));
    const length = conditioning.tokens;
    for (const text of texts) checkLength(folder, text, tokenizer.count(text), length - 2);
    const ids = texts.flatMap((text) => tokenizer.encode(text, length));
    const session = await sessions.get('textEncoder');
    try {
      const { tokens } = await session.run({
        ids: tensor(Float32Array.from(ids), [texts.length, length]),
      });
      if (tokens === undefined) throw new RangeError('The graph textEncoder has no output tokens.');
      for (const [row, text] of texts.entries()) known.set(text, rowOf(tokens, row));
    } finally {
      await sessions.close('textEncoder');
    }
  };
  return {
    lists,
    guidanceScale: guidance.text,
    imageGuidanceScale: guidance.image,
    publishedSteps: PUBLISHED_STEPS,
    async encode(texts) {
      const missing = [...new Set(texts)].filter((text) => !known.has(text));
      if (known.size + missing.length > KEPT) known.clear();
      const wanted = [...new Set(texts)].filter((text) => !known.has(text));
      if (wanted.length > 0) await read(wanted);
      return texts.map((text) => known.get(text) as Tensor);
    },
  };
}

/** @throws ModelError MODEL_CORRUPT for a text longer than the encoder reads, which would otherwise be cut off silently */
function checkLength(folder: string, text: string, count: number, most: number): void {
  if (count <= most) return;
  throw new ModelError(
    'MODEL_CORRUPT',
    `Expected instructions of at most ${most} tokens but “${text}” has ${count}.`,
    `Say it shorter in ${join(folder, INSTRUCTIONS_FILE)}.`,
  );
}
