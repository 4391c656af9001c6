import type { PixelBuffer } from '@emoeditor/shared';
import type { PictureMetadata } from './metadata/pictureMetadata.ts';

/** A flat picture out of a file. */
export interface SourceImage {
  /** RGB or RGBA, upright (EXIF orientation applied), in the file's own profile where we know it. */
  readonly pixels: PixelBuffer;
  /** ICC profile of the pixels; null means sRGB. */
  readonly icc: Uint8Array | null;
  readonly metadata: PictureMetadata;
  /** What had to be converted on the way in, one sentence each. */
  readonly notes: readonly string[];
}
