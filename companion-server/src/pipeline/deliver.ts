import type { Extent } from '@emoeditor/shared';

/** One edit at working size, all planar RGB [3, H, W] in [0, 1]; both decoded ones by the same decoder. */
export interface DecodedEdit {
  readonly extent: Extent;
  readonly source: Float32Array;
  readonly decodedSource: Float32Array;
  readonly decodedEdit: Float32Array;
}

/** How an edit becomes a layer. */
export interface Delivery {
  /** Share of the edit that the layer takes at an intensity of 1. */
  readonly strength: number;
  /** Whether what no grade explains is painted. */
  readonly content: boolean;
}

/**
 * Port: the edit as its layer will look, at full strength and at working size, planar RGB in [0, 1]. The same fit and
 * compositing as the second pass, so that what is judged and shown is what is delivered.
 */
export type Deliver = (edit: DecodedEdit, delivery: Pick<Delivery, 'content'>) => Float32Array;
