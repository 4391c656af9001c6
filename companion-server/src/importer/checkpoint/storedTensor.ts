import { ImportError } from '../importError.ts';
import type { ByteFile } from './byteFile.ts';
import type { TensorPlace } from './checkpoint.ts';
import {
  ELEMENT_BYTES,
  type ElementType,
  MAX_ELEMENTS,
  swapElementBytes,
  toFloat32,
  tooLarge,
} from './elements.ts';
import { isTuple, type PickleTuple } from './pickleMachine.ts';

/** A range of elements in a file, of which tensors are views. */
export interface TensorStorage {
  readonly elements: ElementType;
  readonly count: number;
  /** Position of its first byte in the file. */
  readonly start: number;
  readonly bigEndian: boolean;
}

/** A tensor as PyTorch stores it: a view of a storage, which other tensors may share. */
export interface StoredTensor {
  readonly storage: TensorStorage;
  /** Index in the storage of its first element. */
  readonly offset: number;
  readonly shape: readonly number[];
  /** Elements from one entry of an axis to the next. */
  readonly strides: readonly number[];
}

/** A larger tensor may not repeat elements of its storage (stride 0), or an archive of 1 kB could need terabytes. */
const MAX_REPEATED = 2 ** 20;
const MAX_AXES = 16;

/** `_rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks)`: checked against the storage. */
export function rebuildTensor([storage, offset, shape, strides]: PickleTuple): StoredTensor {
  if (!isStorage(storage) || !isCount(offset) || !isCounts(shape) || !isCounts(strides)) {
    throw broken('is described by something else than a storage, an offset, a shape and strides');
  }
  if (shape.length !== strides.length) {
    throw broken(`has ${shape.length} sides and ${strides.length} strides`);
  }
  const tensor = { storage, offset, shape, strides };
  const count = countOf(tensor);
  const isTooMuch = count > storage.count && count > MAX_REPEATED;
  if (isTooMuch || offset + spanOf(tensor) > storage.count) {
    throw broken(
      `[${shape.join(', ')}] at ${offset} with strides [${strides.join(', ')}] is more than its storage of ${storage.count} elements`,
    );
  }
  if (count > MAX_ELEMENTS) throw tooLarge('A tensor', shape);
  return tensor;
}

/** Row-major float32. */
export async function readTensor(file: ByteFile, tensor: StoredTensor): Promise<Float32Array> {
  const { storage, offset } = tensor;
  const size = ELEMENT_BYTES[storage.elements];
  const bytes = await file.at(storage.start + offset * size, spanOf(tensor) * size);
  if (storage.bigEndian) swapElementBytes(storage.elements, bytes);
  const values = toFloat32(storage.elements, bytes);
  return isContiguous(tensor) ? values : gather(values, tensor);
}

/** Where its bytes are; null when it is not contiguous. */
export function placeOfTensor(file: string, tensor: StoredTensor): TensorPlace | null {
  const { storage, offset } = tensor;
  if (storage.bigEndian || !isContiguous(tensor)) return null;
  const size = ELEMENT_BYTES[storage.elements];
  const start = storage.start + offset * size;
  return { file, offset: start, length: spanOf(tensor) * size, type: storage.elements };
}

export const isStoredTensor = (value: unknown): value is StoredTensor =>
  typeof value === 'object' && value !== null && 'strides' in value;

/** Whether its elements lie one after another in row-major order. */
function isContiguous({ shape, strides }: StoredTensor): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const side = shape[axis] as number;
    if (side !== 1 && strides[axis] !== expected) return false;
    expected *= side;
  }
  return true;
}

const countOf = ({ shape }: StoredTensor) => shape.reduce((product, side) => product * side, 1);

/** Elements from the first to the last, both included. */
function spanOf(tensor: StoredTensor): number {
  if (countOf(tensor) === 0) return 0;
  return tensor.shape.reduce(
    (sum, side, axis) => sum + (side - 1) * (tensor.strides[axis] as number),
    1,
  );
}

function gather(values: Float32Array, { shape, strides, ...rest }: StoredTensor): Float32Array {
  const out = new Float32Array(countOf({ shape, strides, ...rest }));
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < out.length; to++) {
    out[to] = values[from] as number;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis] as number;
      index[axis] = (index[axis] as number) + 1;
      if (index[axis] !== shape[axis]) break;
      from -= (shape[axis] as number) * (strides[axis] as number);
      index[axis] = 0;
    }
  }
  return out;
}

const isStorage = (value: unknown): value is TensorStorage =>
  typeof value === 'object' && value !== null && 'bigEndian' in value;
const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;
/** Accepts tuples (frozen arrays) only: a list could be changed after this check. */
const isCounts = (value: unknown): value is readonly number[] =>
  isTuple(value) && value.length <= MAX_AXES && value.every(isCount);

const broken = (what: string) =>
  new ImportError(
    'NOT_A_CHECKPOINT',
    `A tensor of the checkpoint ${what}.`,
    'The file is damaged: copy or download it again.',
  );
