import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import * as z from 'zod';
import { float16ToFloat32 } from './float16.ts';
import { ImportError } from './importError.ts';

const BYTES = { F32: 4, F16: 2, BF16: 2 } as const;
/** The format's own limit; a bigger header is an attack or no header. */
const MAX_HEADER_BYTES = 100_000_000;
/** Bytes of one read; the system allows less than 2 GiB. */
const READ_BYTES = 2 ** 28;

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().nonnegative()),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});

type Entries = Map<string, z.infer<typeof entrySchema>>;

export interface SafetensorsFile {
  readonly path: string;
  /** Shape per tensor name. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** @throws ImportError TRUNCATED, UNSUPPORTED (element type) */
  read(name: string): Promise<Float32Array>;
  close(): Promise<void>;
}

/**
 * Opens a `.safetensors` file; tensors are read one at a time. Every number of the header is checked against the file.
 * Source: huggingface/safetensors, format.
 * @throws ImportError MISSING_FILE, NOT_A_CHECKPOINT, TRUNCATED
 */
export async function openSafetensors(path: string): Promise<SafetensorsFile> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new ImportError(
      'MISSING_FILE',
      `${path} cannot be opened.`,
      'Check that the checkpoint folder is complete.',
      cause,
    );
  });
  try {
    return await readHeader(file, path);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readHeader(file: FileHandle, path: string): Promise<SafetensorsFile> {
  const { size } = await file.stat();
  const start = await bytesAt(file, path, 0, Math.min(8, size));
  const length = size < 8 ? 0 : Number(new DataView(start.buffer).getBigUint64(0, true));
  if (length < 2 || length > MAX_HEADER_BYTES) throw notSafetensors(path);
  if (8 + length > size) throw truncated(path, 8 + length, size);
  const entries = parseHeader(path, await bytesAt(file, path, 8, length));
  const base = 8 + length;
  checkOffsets(path, entries, base, size);
  return {
    path,
    shapes: new Map(Array.from(entries, ([name, { shape }]) => [name, shape])),
    async read(name) {
      const entry = entries.get(name);
      if (entry === undefined) throw new RangeError(`No tensor ${name} in ${path}.`);
      const [from, to] = entry.data_offsets;
      return toFloat32(name, entry.dtype, await bytesAt(file, path, base + from, to - from));
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
    const bytes = BYTES[dtype as keyof typeof BYTES];
    const expected = bytes && shape.reduce((product, side) => product * side, bytes);
    if (expected !== undefined && to - from !== expected) {
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

function toFloat32(name: string, dtype: string, bytes: Uint8Array): Float32Array {
  const { buffer, byteLength } = bytes;
  if (dtype === 'F32') return new Float32Array(buffer, 0, byteLength / 4);
  if (dtype === 'F16') return float16ToFloat32(new Uint16Array(buffer, 0, byteLength / 2));
  if (dtype === 'BF16') {
    const words = Uint32Array.from(
      new Uint16Array(buffer, 0, byteLength / 2),
      (half) => half << 16,
    );
    return new Float32Array(words.buffer);
  }
  throw new ImportError(
    'UNSUPPORTED',
    `Expected ${name} as F32, F16 or BF16 but it is ${dtype}.`,
    'Export the checkpoint in one of these types.',
  );
}

async function bytesAt(
  file: FileHandle,
  path: string,
  position: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const most = Math.min(length - done, READ_BYTES);
    const { bytesRead } = await file.read(bytes, done, most, position + done);
    if (bytesRead === 0) throw truncated(path, position + length, position + done);
    done += bytesRead;
  }
  return bytes;
}

const notSafetensors = (path: string) =>
  new ImportError(
    'NOT_A_CHECKPOINT',
    `${basename(path)} is no safetensors file.`,
    'Give the folder that training wrote, or a diffusers folder with .safetensors files.',
  );

const truncated = (path: string, expected: number, size: number) =>
  new ImportError(
    'TRUNCATED',
    `${basename(path)} ends too early: expected at least ${expected} bytes but it has ${size}.`,
    'Copy or download it again.',
  );
