import { join } from 'node:path';
import * as z from 'zod';
import { readSmallFile } from '../../files/readText.ts';
import { BankError } from './bankError.ts';

/** Text embeddings of a bundle's instruction bank, written by `training/emoeditor/embed_bank.py`. */
export const EMBEDDINGS_FILE = 'instructions.safetensors';

/** Instructions as the alignment loss embeds them: unit vectors in the space of the emotion encoder's tokens. */
export interface InstructionEmbeddings {
  /** By instruction id; each has tokens × width numbers, the encoder's tokens one after the other. */
  readonly vectors: ReadonlyMap<string, Float32Array>;
  readonly width: number;
}

const entry = z.object({
  shape: z.array(z.int().positive()),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});
const headerSchema = z.object({
  __metadata__: z.object({
    format: z.literal('1'),
    ids: z
      .string()
      .transform((text): unknown => JSON.parse(text))
      .pipe(z.array(z.string())),
  }),
  embeddings: entry.extend({ dtype: z.literal('I8') }),
  scales: entry.extend({ dtype: z.literal('F32') }),
});

/**
 * Reads int8 rows with a scale each. An instruction that a user has added has no embedding.
 * @throws BankError MODEL_CORRUPT
 */
export async function readEmbeddings(folder: string): Promise<InstructionEmbeddings> {
  const path = join(folder, EMBEDDINGS_FILE);
  let bytes: Uint8Array;
  try {
    // Copied, because a Float32Array must start at a multiple of 4 bytes.
    bytes = Uint8Array.from(await readSmallFile(path));
  } catch (cause) {
    throw damaged(path, 'it cannot be read', cause);
  }
  try {
    return embeddingsIn(bytes);
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message;
    throw damaged(path, reason, cause);
  }
}

function embeddingsIn(bytes: Uint8Array): InstructionEmbeddings {
  if (bytes.length < 8) throw new RangeError(`expected a header, but it has ${bytes.length} bytes`);
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  if (8 + length > bytes.length) {
    throw new RangeError(`expected a header of ${length} bytes, but it has ${bytes.length} in all`);
  }
  const text = new TextDecoder().decode(bytes.subarray(8, 8 + length));
  const { __metadata__, embeddings, scales } = headerSchema.parse(JSON.parse(text));
  const { ids } = __metadata__;
  const [rows = 0, width = 0] = embeddings.shape;
  const body = bytes.slice(8 + length);
  const stored = new Int8Array(partOf(body, embeddings.data_offsets, rows * width));
  const scaleOf = new Float32Array(partOf(body, scales.data_offsets, 4 * rows));
  if (ids.length !== rows) {
    throw new RangeError(`expected ${rows} ids, one a row, but got ${ids.length}`);
  }
  const vectors = new Map(
    ids.map((id, row) => [
      id,
      Float32Array.from(
        stored.subarray(row * width, (row + 1) * width),
        (value) => value * (scaleOf[row] as number),
      ),
    ]),
  );
  return { vectors, width };
}

function partOf(
  body: Uint8Array<ArrayBuffer>,
  [from, to]: readonly [number, number],
  size: number,
) {
  if (to - from !== size || to > body.length) {
    throw new RangeError(`expected ${size} bytes from ${from} on, but got ${to - from}`);
  }
  return body.slice(from, to).buffer;
}

const damaged = (path: string, what: string, cause: unknown) =>
  new BankError(
    'MODEL_CORRUPT',
    `The text embeddings in ${path} cannot be used: ${what}.`,
    'Restore the file from the repository, or write it again with “python -m emoeditor.embed_bank”.',
    cause,
  );
