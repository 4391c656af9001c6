import { BUNDLE_PARTS, type BundlePart } from '../../models/bundle.ts';
import type { StorageType } from '../../onnx/weights.ts';
import { ImportError } from '../importError.ts';
import type { ModelSource } from '../sources/modelSource.ts';

/** How the weights of a bundle are stored: alike, or otherwise for some of its parts. */
export type Precision = StorageType | Partial<Readonly<Record<BundlePart, StorageType>>>;

/** The same where it hangs on the model. */
export type PrecisionOf = (source: Pick<ModelSource, 'vae'>) => Precision;

const TYPES: readonly string[] = ['float32', 'float16', 'int8'] satisfies StorageType[];

/** Parts that a precision leaves open. */
const USUAL: StorageType = 'float16';

/**
 * What suits an execution provider: the CPU multiplies integers two to three times as fast, and the networks that take
 * nearly all the time bear it (`bench/precision`: more than 45 dB of the float32 edit). AutoencoderKL stays out until
 * somebody has seen its pictures in int8.
 */
export const precisionFor =
  (provider: string): PrecisionOf =>
  ({ vae }) => {
    if (provider !== 'cpu') return USUAL;
    return vae.config._class_name === 'PatchAutoencoder'
      ? { unet: 'int8', vaeEncoder: 'int8', vaeDecoder: 'int8' }
      : { unet: 'int8' };
  };

/**
 * Below this many values int8 saves next to nothing, and the first and the last layer, which are small, are those
 * whose errors show most.
 */
const INT8_FROM = 32_768;

/** The storage of every part. */
export function storageOfParts(precision: Precision): Record<BundlePart, StorageType> {
  return Object.fromEntries(
    BUNDLE_PARTS.map((part) => [
      part,
      typeof precision === 'string' ? precision : (precision[part] ?? USUAL),
    ]),
  ) as Record<BundlePart, StorageType>;
}

/** How one weight is stored: biases and norms cost nothing and keep their range. */
export function storageOfWeight(shape: readonly number[], wanted: StorageType): StorageType {
  if (shape.length < 2) return 'float32';
  const count = shape.reduce((product, side) => product * side, 1);
  return wanted === 'int8' && count < INT8_FROM ? 'float16' : wanted;
}

/**
 * `float16`, or a list in which some parts differ: `float16,unet=int8`.
 * @throws ImportError UNSUPPORTED
 */
export function parsePrecision(text: string): Precision {
  const found: Partial<Record<BundlePart, StorageType>> = {};
  for (const word of text.split(',')) {
    const [type = '', part] = word.split('=').reverse();
    if (!isType(type) || (part !== undefined && !isPart(part))) throw unknown(word);
    for (const name of part === undefined ? BUNDLE_PARTS : [part]) found[name] = type;
  }
  return found;
}

const isType = (word: string): word is StorageType => TYPES.includes(word);
const isPart = (word: string): word is BundlePart =>
  (BUNDLE_PARTS as readonly string[]).includes(word);

const unknown = (word: string) =>
  new ImportError(
    'UNSUPPORTED',
    `Expected a precision such as float16 or unet=int8 but got “${word}”.`,
    `Types: ${TYPES.join(', ')}. Parts: ${BUNDLE_PARTS.join(', ')}. Example: float16,unet=int8.`,
  );
