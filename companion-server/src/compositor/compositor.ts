import type { Bounds, CompositePart, Extent, PixelBuffer } from '@emoeditor/shared';

/** An edit at working size, ready to be explained as grade and content. All planar RGB [3, H, W] in [0, 1], in one space: sRGB as the model gives it. */
export interface WorkingEdit {
  readonly extent: Extent;
  readonly source: Float32Array;
  readonly decodedSource: Float32Array;
  readonly decodedEdit: Float32Array;
}

/** Where a tile lies in the full-resolution layer. */
export interface TilePlace {
  readonly bounds: Bounds;
  /** Extent of the whole layer region that the proxy was made from; its corner is (0, 0). */
  readonly extent: Extent;
}

/** The layer of one of a scene's elements, by its place in the order of drawing. */
export interface ElementPart {
  readonly element: number;
}

export interface CompositeSettings {
  /** 0 leaves every pixel bit-exact, 1 is the edit as generated, up to 1.5. */
  readonly intensity: number;
  /** Strength of a scene's elements, 0 to 1, which multiplies their own; that of the intensity when left out. */
  readonly elements?: number;
  /** The grade, the content or an element as a layer of its own; all in one when left out. */
  readonly part?: CompositePart | ElementPart;
  /** Standard deviation of the photograph's luma noise, 1.0 = white: what new content is given. None when left out. */
  readonly grain?: number;
}

/** Applies one fitted edit to any tile of the full-resolution layer. Pure: any tiling gives the same bits. */
export interface Compositor {
  /**
   * RGB or RGBA in, the same format out, never the same memory; alpha and pixels under alpha 0 are untouched. The part
   * `content` is always RGBA: its pixels where it replaces the grade's, alpha 0 elsewhere. So is that of an element,
   * with any alpha.
   * @throws CompositorError BAD_TILE, BAD_INTENSITY, BAD_PART for the layer of an element that the edit has not, PROFILE_MISMATCH
   */
  apply(tile: PixelBuffer, place: TilePlace, settings: CompositeSettings): PixelBuffer;
}
