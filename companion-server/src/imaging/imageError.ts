import { HintedError } from '../hintedError.ts';

export type ImageErrorCode =
  /** The file holds no picture that we know. */
  | 'NOT_AN_IMAGE'
  | 'TRUNCATED'
  /** No file, no bytes, or 0 pixels. */
  | 'EMPTY'
  | 'TOO_SMALL'
  | 'TOO_LARGE'
  | 'ANIMATED'
  /** A picture, but of a kind that cannot be edited without loss. */
  | 'UNSUPPORTED'
  | 'FULLY_TRANSPARENT'
  | 'LAYER_NOT_FOUND'
  /** The layer is a group, text, adjustment or empty. */
  | 'LAYER_NOT_PIXELS'
  | 'CANNOT_READ'
  | 'CANNOT_WRITE';

/** Why a picture cannot be opened, edited or saved, in sentences for the person who chose it. */
export class ImageError extends HintedError<ImageErrorCode> {
  override readonly name = 'ImageError';
}
