import { open } from 'node:fs/promises';
import type { Place, StorageType, StoredWeight, Weight, WeightSink } from '../onnx/weights.ts';
import { float32ToFloat16 } from '../tensor/float16.ts';
import { ImportError } from './importError.ts';
import { quantisePerChannel } from './quantise.ts';
import { storageOfWeight } from './storage.ts';

const BYTES: Record<StorageType, number> = { float32: 4, float16: 2, int8: 1 };
/** Bytes that every tensor starts on, so that the file may be mapped into memory. */
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
  readonly onWeight?: () => void;
}

/**
 * @param file name of the file beside the graph
 * @param spared names of weights that are stored as float16 where int8 is wanted
 */
export function createWeightsLayout(
  file: string,
  wanted: StorageType,
  spared: Pick<ReadonlySet<string>, 'has'> = new Set(),
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
      const type = usual === 'int8' && spared.has(weight.name) ? 'float16' : usual;
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
    async write(path, { signal, onWeight = () => {} }) {
      const output = await open(path, 'w');
      try {
        for (const { weight, stored } of placed) {
          signal.throwIfAborted();
          for (const { offset, bytes } of await encode(weight, stored)) {
            await output.write(bytes, 0, bytes.length, offset);
          }
          onWeight();
        }
      } finally {
        await output.close();
      }
    },
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
