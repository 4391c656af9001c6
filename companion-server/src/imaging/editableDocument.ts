import type { PixelBuffer } from '@emoeditor/shared';

/** Where and how a result is saved. */
export interface SaveTarget {
  readonly path: string;
  /** Name of the new layer, when the format has layers. */
  readonly layerName: string;
}

/** A file opened for one edit. */
export interface EditableDocument {
  /** What is edited: the picture, or one layer of it. RGB or RGBA in the document's own profile. */
  readonly pixels: PixelBuffer;
  /** Name of the layer that the pixels are of; null for a flat picture. */
  readonly layer: string | null;
  /** What had to be converted on the way in, one sentence each. */
  readonly notes: readonly string[];
  /**
   * Encodes the file with the result in it: as a new layer above the source where the format has layers.
   * @param result same size and format as `pixels`
   * @returns the bytes, and what the user should know about them, one sentence each
   * @throws ImageError CANNOT_WRITE
   */
  encode(
    result: PixelBuffer,
    target: SaveTarget,
  ): Promise<{ readonly bytes: Uint8Array; readonly notes: readonly string[] }>;
}
