import { type BundlePart, ownWeightsFile, weightsFile } from '../../models/bundle.ts';
import type { StorageType, Weight } from '../../onnx/weights.ts';
import { ImportError } from '../importError.ts';
import type { WeightReader } from './weightReader.ts';
import { checkRange, createWeightsLayout, type WeightsLayout } from './weightsFile.ts';

/** Element types that a graph can read directly from the checkpoint. */
const READABLE: Readonly<Record<string, StorageType>> = { F32: 'float32', F16: 'float16' };

export interface LinkedLayout extends WeightsLayout {
  /** The user's file that holds the weights, and their type; null when none could be linked. */
  readonly into: { readonly file: string; readonly type: StorageType } | null;
  /** Total bytes of the linked weights. */
  readonly stayingBytes: number;
}

/**
 * A layout that leaves matrices and kernels in the checkpoint, which is linked as the part's weights file; biases, norms
 * and folded layers are written to a file of their own. Linked weights are read once to refuse NaN and infinity.
 */
export function createLinkedLayout(part: BundlePart, reader: WeightReader): LinkedLayout {
  const own = createWeightsLayout(ownWeightsFile(part), 'float32');
  const staying: { readonly weight: Weight; readonly type: StorageType }[] = [];
  let into: LinkedLayout['into'] = null;
  let stayingBytes = 0;
  return {
    place(weight) {
      const lies = weight.shape.length < 2 ? null : reader.placeOf(weight);
      const type = READABLE[lies?.type ?? ''];
      if (lies === null || type === undefined) return own.place(weight);
      into ??= { file: lies.file, type };
      if (into.file !== lies.file) throw inTwoFiles(part, into.file, lies.file);
      staying.push({ weight, type });
      const { offset, length } = lies;
      stayingBytes += length;
      return { type, place: { file: weightsFile(part), offset, length } };
    },
    get count() {
      return own.count + staying.length;
    },
    get bytes() {
      return own.bytes;
    },
    get into() {
      return into;
    },
    get stayingBytes() {
      return stayingBytes;
    },
    async write(path, options) {
      for (const { weight, type } of staying) {
        options.signal.throwIfAborted();
        checkRange(weight.name, await weight.read(), type);
        options.onWeight?.();
      }
      await own.write(path, options);
    },
  };
}

const inTwoFiles = (part: BundlePart, one: string, other: string) =>
  new ImportError(
    'UNSUPPORTED',
    `Expected the weights of ${part} in one file but they lie in ${one} and ${other}.`,
    'Import without --link: the weights are copied then.',
  );
