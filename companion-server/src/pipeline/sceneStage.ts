import type { Extent } from '@emoeditor/shared';

/**
 * The scene that elements are drawn from at the document's size: plain data that the stylist made and the delivery
 * reads; the pipeline hands it on.
 */
export interface SceneStage {
  readonly extent: Extent;
  /** The photograph, interleaved sRGB. */
  readonly rgb: Uint8Array;
  readonly maps: object;
}
