import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Place, StorageType, StoredWeight, Weight, WeightSink } from '../../onnx/weights.ts';
import { float32ToFloat16 } from '../../tensor/float16.ts';
import { ImportError } from '../importError.ts';
import { type KeptWeights, readKept } from './keptWeights.ts';
import { quantisePerChannel } from './quantise.ts';
import { storageOfWeight } from './storage.ts';

const BYTES: Record<StorageType, number> = { float32: 4, float16: 2, int8: 1 };
/** Alignment of every tensor in bytes, so that the file can be memory-mapped. */
const ALIGNMENT = 64;
const LARGEST_HALF = 65504;

/** External data of one graph: first every weight gets its place, then the file is written weight by weight. */
export interface WeightsLayout extends WeightSink {
  /** How many weights have a place. */
  readonly count: number;
  /** Length of the file. */
  readonly bytes: number;
  write(path: string, options: WriteOptions): Promise<void>;
}

export interface WriteOptions {
  readonly signal: AbortSignal;
  /** After every weight, written or kept. */
  readonly onWeight?: () => void;
  /** Without them an existing file is overwritten from the start. */
  readonly sums?: WeightSums;
}

/** Checksums recorded while a file is written, so that a later run can continue after the last complete weight. */
export interface WeightSums {
  /** Recorded by an earlier run after each weight: the SHA-256 of the file up to its end. */
  readonly noted: readonly string[];
  /** Discards all records after the first `count`; the next `note` is for the weight after them. */
  keep(count: number): Promise<void>;
  note(sha256: string): Promise<void>;
}

const NO_SUMS: WeightSums = { noted: [], keep: async () => {}, note: async () => {} };

/**
 * @param file name of the file, in the folder of the graph
 * @param keptInFloat16 names of weights that are stored as float16 where int8 is wanted
 */
export function createWeightsLayout(
  file: string,
  wanted: StorageType,
  keptInFloat16: Pick<ReadonlySet<string>, 'has'> = new Set(),
): WeightsLayout {
  const placed: { readonly weight: Weight; readonly stored: StoredWeight }[] = [];
  let end = 0;
  const room = (length: number): Place => {
    const offset = Math.ceil(end / ALIGNMENT) * ALIGNMENT;
    end = offset + length;
    return { file, offset, length };
  };
  return {
    place(weight) {
      const count = weight.shape.reduce((product, side) => product * side, 1);
      const usual = storageOfWeight(weight.shape, wanted);
      const type = usual === 'int8' && keptInFloat16.has(weight.name) ? 'float16' : usual;
      const place = room(count * BYTES[type]);
      const stored: StoredWeight =
        type === 'int8'
          ? { type, place, scale: room((weight.shape[0] ?? 1) * 4) }
          : { type, place };
      placed.push({ weight, stored });
      return stored;
    },
    get count() {
      return placed.length;
    },
    get bytes() {
      return end;
    },
    async write(path, { signal, onWeight = () => {}, sums = NO_SUMS }) {
      const output = await open(path, constants.O_RDWR | constants.O_CREAT);
      try {
        const ends = placed.map(({ stored }) => endOf(stored));
        const kept = await readKept(output, ends, sums.noted, { signal, onWeight });
        await output.truncate(kept.bytes);
        await sums.keep(kept.count);
        const append = appendTo(output, kept);
        for (const { weight, stored } of placed.slice(kept.count)) {
          signal.throwIfAborted();
          for (const part of await encode(weight, stored)) await append(part);
          await sums.note(kept.hash.copy().digest('hex'));
          onWeight();
        }
      } finally {
        await output.close();
      }
    },
  };
}

const endOf = ({ place, scale = place }: StoredWeight) => scale.offset + scale.length;

/** Writes chunks in the file's order, and the zeros between them, and hashes what it writes. */
function appendTo(output: FileHandle, { bytes: from, hash }: KeptWeights) {
  let end = from;
  return async ({ offset, bytes }: Chunk): Promise<void> => {
    for (const piece of [new Uint8Array(offset - end), bytes]) {
      hash.update(piece);
      // A write may be partial, e.g. on a full disk before the error.
      for (let rest = piece; rest.length > 0; ) {
        const { bytesWritten } = await output.write(rest, 0, rest.length, end);
        end += bytesWritten;
        rest = rest.subarray(bytesWritten);
      }
    }
  };
}

interface Chunk {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

async function encode(
  { name, shape, read }: Weight,
  { type, place, scale }: StoredWeight,
): Promise<Chunk[]> {
  const values = await read();
  checkRange(name, values, type);
  if (type === 'float32') return [chunk(place, new Float32Array(values))];
  if (type === 'float16') return [chunk(place, float32ToFloat16(values))];
  const quantised = quantisePerChannel(values, shape[0] ?? 1);
  return [chunk(place, quantised.values), chunk(scale as Place, quantised.scale)];
}

const chunk = ({ offset }: Place, { buffer }: { buffer: ArrayBuffer }): Chunk => ({
  offset,
  bytes: new Uint8Array(buffer),
});

/** @throws ImportError UNSUPPORTED for what is no number, or beyond the range of float16 */
export function checkRange(name: string, values: Float32Array, type: StorageType): void {
  let largest = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) throw notFinite(name, value);
    largest = Math.max(largest, Math.abs(value));
  }
  if (type === 'float16' && largest > LARGEST_HALF) {
    throw new ImportError(
      'UNSUPPORTED',
      `${name} holds ${largest}, beyond ±${LARGEST_HALF}, the range of float16.`,
      'Import with --precision float32.',
    );
  }
}

const notFinite = (name: string, value: number) =>
  new ImportError(
    'UNSUPPORTED',
    `Expected numbers in ${name} but it holds ${value}.`,
    'The training run has diverged or the file is damaged: take an earlier checkpoint.',
  );
