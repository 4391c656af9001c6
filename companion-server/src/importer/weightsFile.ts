import { type FileHandle, open } from 'node:fs/promises';
import type { StoredWeight, WeightSink } from '../onnx/weights.ts';
import { float32ToFloat16 } from './float16.ts';
import { ImportError } from './importError.ts';

export type Precision = 'float32' | 'float16';

/** Below this many values, float32: biases and norms cost nothing and keep their range. */
const SMALL = 4096;
/** Bytes that every tensor starts on, so that the file may be mapped into memory. */
const ALIGNMENT = 64;

export interface WeightsFile extends WeightSink {
  /** Writes what was stored since the last time. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** External data of one graph. Weights wait in memory until `flush`, so that graph builders need not be async. */
export async function createWeightsFile(
  path: string,
  name: string,
  precision: Precision,
): Promise<WeightsFile> {
  const file: FileHandle = await open(path, 'w');
  let waiting: { bytes: Uint8Array; offset: number }[] = [];
  let end = 0;
  return {
    store(values): StoredWeight {
      const type = precision === 'float16' && values.length >= SMALL ? 'float16' : 'float32';
      const bytes = new Uint8Array(
        type === 'float16' ? halves(values).buffer : Float32Array.from(values).buffer,
      );
      const offset = Math.ceil(end / ALIGNMENT) * ALIGNMENT;
      end = offset + bytes.length;
      waiting.push({ bytes, offset });
      return { type, file: name, offset, length: bytes.length };
    },
    async flush() {
      for (const { bytes, offset } of waiting) await file.write(bytes, 0, bytes.length, offset);
      waiting = [];
    },
    close: () => file.close(),
  };
}

function halves(values: Float32Array): Uint16Array<ArrayBuffer> {
  const found = float32ToFloat16(values);
  const isTooBig = values.some((value) => Math.abs(value) > 65504);
  if (!isTooBig) return found;
  throw new ImportError(
    'UNSUPPORTED',
    'A weight is beyond ±65504, the range of float16.',
    'Import with --precision float32.',
  );
}
