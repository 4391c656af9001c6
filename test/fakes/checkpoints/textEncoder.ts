import { join } from 'node:path';
import type { ImportOptions } from '@emoeditor/companion-server/importer/importBundle.ts';

const GOLDEN = join(import.meta.dirname, '../../golden');

/** Folders of a small text encoder and of its tokenizer, as diffusers writes them. */
export const TEXT = join(GOLDEN, 'text');
export const TOKENIZER = join(GOLDEN, 'instruct/tokenizer');

/** Options of an import without loss, with a predictor. */
export const float32 = {
  precision: 'float32',
  predictor: join(GOLDEN, 'models/predictor'),
} satisfies ImportOptions;
