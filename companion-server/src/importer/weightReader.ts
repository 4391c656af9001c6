import type { WeightSource } from '../onnx/weights.ts';
import { ImportError } from './importError.ts';
import type { SafetensorsFile } from './safetensors.ts';

export interface WeightReader extends WeightSource {
  /** Names that no graph asked for, in the file's order. */
  unused(): string[];
}

/** All tensors of one file in memory, handed out by name; what was not asked for can be listed. */
export async function readWeights(
  file: SafetensorsFile,
  signal: AbortSignal,
): Promise<WeightReader> {
  const tensors = new Map<string, Float32Array>();
  for (const name of file.shapes.keys()) {
    signal.throwIfAborted();
    tensors.set(name, await file.read(name));
  }
  const taken = new Set<string>();
  return {
    take(name, shape) {
      const [found, values] = [file.shapes.get(name), tensors.get(name)];
      if (found === undefined || values === undefined) {
        throw new ImportError(
          'MISSING_TENSOR',
          `Expected the tensor ${name} [${shape.join(', ')}] in ${file.path} but it is not there.`,
          'The config does not belong to these weights, or the file is incomplete.',
        );
      }
      if (found.length !== shape.length || found.some((side, axis) => side !== shape[axis])) {
        throw new ImportError(
          'MISSHAPEN_TENSOR',
          `Expected ${name} to be [${shape.join(', ')}] but it is [${found.join(', ')}] in ${file.path}.`,
          'The config does not belong to these weights.',
        );
      }
      taken.add(name);
      return values;
    },
    unused: () => [...file.shapes.keys()].filter((name) => !taken.has(name)),
  };
}
