import type { Weight, WeightSource } from '../../onnx/weights.ts';
import { type Checkpoint, namesInFile, type TensorPlace } from '../checkpoint/checkpoint.ts';
import { ImportError } from '../importError.ts';

export interface WeightReader extends WeightSource {
  /** Tensors that no graph has taken, by the file's own names and in its order. */
  unused(): string[];
  /** Where a weight of this reader is stored; null for one computed from others. */
  placeOf(weight: Weight): TensorPlace | null;
}

/** Supported element types; integer weights would mean that the network was quantised already. */
const FLOATING: readonly string[] = ['F64', 'F32', 'F16', 'BF16'];

const notFloating = (name: string, type: string, path: string) =>
  new ImportError(
    'UNSUPPORTED',
    `Expected ${name} as ${FLOATING.join(', ')} but it is ${type} in ${path}.`,
    'Import the checkpoint as it was before it was quantised; --precision quantises it here.',
  );

/** Finds tensors of one file by name and shape without reading them, and lists those not taken. */
export function createWeightReader(file: Checkpoint): WeightReader {
  const taken = new Set<string>();
  // By identity: a folded weight is a spread copy of one of these, and its values are not in the file.
  const handedOut = new WeakSet<Weight>();
  return {
    take(name, shape) {
      const found = file.shapes.get(name);
      if (found === undefined) {
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
      const type = file.typeOf(name);
      if (!FLOATING.includes(type)) throw notFloating(name, type, file.path);
      taken.add(name);
      const weight = { name, shape, read: () => file.read(name) };
      handedOut.add(weight);
      return weight;
    },
    placeOf: (weight) => (handedOut.has(weight) ? file.placeOf(weight.name) : null),
    unused() {
      const left = [...file.shapes.keys()].filter((name) => !taken.has(name));
      return [...namesInFile(file, left), ...(file.aside ?? [])];
    },
  };
}
