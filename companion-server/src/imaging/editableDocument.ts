import type { EditNote, PixelBuffer } from '@emoeditor/shared';

/** What of a layered document is edited. */
export type SourceChoice =
  /** The topmost layer that shows a photograph. */
  | { readonly kind: 'topmost' }
  /** The layer of that name. */
  | { readonly kind: 'named'; readonly name: string }
  /** Everything that is visible, as one picture. */
  | { readonly kind: 'visible' };

export const TOPMOST: SourceChoice = { kind: 'topmost' };

/** A layer of a group, clipped to its grade: what is new, or an element of the scene. */
export interface LayerAbove {
  readonly name: string;
  /** RGBA of the same size as the grade, to be laid over it and over what lies between. */
  readonly pixels: PixelBuffer;
}

/** Where and how a result is saved. */
export interface SaveTarget {
  readonly path: string;
  /** Name of the new layer or group, when the format has layers. */
  readonly layerName: string;
  /** What a group has above the result, which is then the grade, from the bottom up. Null for one layer. */
  readonly above: readonly LayerAbove[] | null;
  /** Whether the one layer becomes an embedded smart object. */
  readonly isSmartObject: boolean;
  /** What the file's metadata say of the edit; null for nothing. */
  readonly note: EditNote | null;
}

/** A file opened for one edit. */
export interface EditableDocument {
  /** What is edited: the picture, or one layer of it. RGB or RGBA in the document's own profile. */
  readonly pixels: PixelBuffer;
  /** Name of the layer that the pixels are of; null for a flat picture. */
  readonly layer: string | null;
  /** What had to be converted on the way in, one sentence each. */
  readonly notes: readonly string[];
  /** Whether a result may be a group of two: only where the source covers what is below it. */
  readonly takesGroup: boolean;
  /** Refuses a path that this document cannot be saved under, before the work begins. @throws ImageError CANNOT_WRITE */
  checkOutput(path: string): void;
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
