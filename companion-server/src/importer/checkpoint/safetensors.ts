import { basename } from 'node:path';
import * as z from 'zod';
import { ImportError } from '../importError.ts';
import { type ByteFile, openByteFile, truncated } from './byteFile.ts';
import type { Checkpoint } from './checkpoint.ts';
import { ELEMENT_BYTES, isElementType, MAX_ELEMENTS, toFloat32, tooLarge } from './elements.ts';
import { refuseOtherFormats } from './refuseOtherFormats.ts';

/** The format's own limit; a bigger header is an attack or no header. */
const MAX_HEADER_BYTES = 100_000_000;

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().nonnegative()),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});

type Entries = Map<string, z.infer<typeof entrySchema>>;

/**
 * Opens a `.safetensors` file; tensors are read one at a time. Every number of the header is checked against the file.
 * Source: huggingface/safetensors, format.
 * @throws ImportError MISSING_FILE, NOT_A_CHECKPOINT, TRUNCATED
 */
export async function openSafetensors(path: string): Promise<Checkpoint> {
  const file = await openByteFile(path);
  try {
    return await readHeader(file);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readHeader(file: ByteFile): Promise<Checkpoint> {
  const { path, size } = file;
  const start = await file.at(0, Math.min(8, size));
  const length = size < 8 ? 0 : Number(new DataView(start.buffer).getBigUint64(0, true));
  if (length < 2 || length > MAX_HEADER_BYTES) return refuseOtherFormats(file, 'safetensors');
  if (8 + length > size) throw truncated(path, 8 + length, size);
  const entries = parseHeader(path, await file.at(8, length));
  const base = 8 + length;
  checkOffsets(path, entries, base, size);
  const find = (name: string) => {
    const entry = entries.get(name);
    if (entry === undefined) throw new RangeError(`No tensor ${name} in ${path}.`);
    return entry;
  };
  return {
    path,
    files: [path],
    shapes: new Map(Array.from(entries, ([name, { shape }]) => [name, shape])),
    typeOf: (name) => find(name).dtype,
    placeOf(name) {
      const { dtype, data_offsets } = find(name);
      const [from, to] = data_offsets;
      return { file: path, offset: base + from, length: to - from, type: dtype };
    },
    async read(name) {
      const { dtype, data_offsets, shape } = find(name);
      if (!isElementType(dtype)) throw unknownType(name, dtype);
      if (elementsOf(shape) > MAX_ELEMENTS) throw tooLarge(name, shape);
      const [from, to] = data_offsets;
      return toFloat32(dtype, await file.at(base + from, to - from));
    },
    close: () => file.close(),
  };
}

/** The format asks that the tensors follow each other without a gap or an overlap up to the end of the file. */
function checkOffsets(path: string, entries: Entries, base: number, size: number): void {
  let end = 0;
  const inOrder = [...entries].sort(([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0]);
  for (const [name, { dtype, shape, data_offsets }] of inOrder) {
    const [from, to] = data_offsets;
    const count = elementsOf(shape);
    const expected = isElementType(dtype) ? count * ELEMENT_BYTES[dtype] : to - from;
    if (to - from !== expected) {
      throw damaged(
        path,
        `says that ${name} is ${dtype} [${shape.join(', ')}], ${expected} bytes, but gives it ${to - from}`,
      );
    }
    if (from !== end || to < from) {
      throw damaged(
        path,
        `expects ${name} to start at byte ${end} but puts it at ${from} to ${to}`,
      );
    }
    end = to;
  }
  if (base + end > size) throw truncated(path, base + end, size);
  if (base + end < size) {
    throw damaged(path, `describes ${base + end} bytes but has ${size}`);
  }
}

const elementsOf = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1);

const damaged = (path: string, what: string) =>
  new ImportError(
    'NOT_A_CHECKPOINT',
    `${basename(path)} ${what}.`,
    'The file is damaged: download or export it again.',
  );

function parseHeader(path: string, bytes: Uint8Array): Entries {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw notSafetensors(path);
  }
  if (typeof parsed !== 'object' || parsed === null) throw notSafetensors(path);
  const entries: Entries = new Map();
  for (const [name, value] of Object.entries(parsed)) {
    if (name === '__metadata__') continue;
    const entry = entrySchema.safeParse(value);
    if (!entry.success) throw notSafetensors(path);
    entries.set(name, entry.data);
  }
  return entries;
}

const unknownType = (name: string, type: string) =>
  new ImportError(
    'UNSUPPORTED',
    `Expected ${name} as ${Object.keys(ELEMENT_BYTES).join(', ')} but it is ${type}.`,
    'Export the checkpoint in one of these types.',
  );

const notSafetensors = (path: string) =>
  new ImportError(
    'NOT_A_CHECKPOINT',
    `${basename(path)} is no safetensors file.`,
    'Give the folder that training wrote, or a diffusers folder with .safetensors files.',
  );
