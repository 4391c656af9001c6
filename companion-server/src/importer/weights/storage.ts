import { BUNDLE_PARTS, type BundlePart } from '../../models/bundle.ts';
import type { StorageType } from '../../onnx/weights.ts';
import { ImportError } from '../importError.ts';
import type { ModelSource } from '../sources/modelSource.ts';

/** Storage type of a bundle's weights: one for all parts, or some parts different. */
export type Precision = StorageType | Partial<Readonly<Record<BundlePart, StorageType>>>;

/** A precision chosen per model, e.g. by its VAE class. */
export type PrecisionOf = (source: Pick<ModelSource, 'vae'>) => Precision;

const TYPES: readonly string[] = ['float32', 'float16', 'int8'] satisfies StorageType[];

/** Storage type of parts that a precision does not name. */
const USUAL: StorageType = 'float16';

/**
 * The best precision for an execution provider. On the CPU int8 is two to three times as fast, and the networks that
 * take nearly all the time tolerate it (`bench/precision`: PSNR to the float32 edit above 45 dB). AutoencoderKL stays in
 * float16, because its int8 pictures have not been evaluated.
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
 * Smaller weights are not stored as int8: it would save next to nothing, and the first and last layers, which are small,
 * are the most sensitive to errors.
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

/** Storage type of one weight; biases and norms are small and stay in float32. */
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
