import type { Extent, ScenePlan } from '@emoeditor/shared';

/** One edit at working size, all planar RGB [3, H, W] in [0, 1]; both decoded ones by the same decoder. */
export interface DecodedEdit {
  readonly extent: Extent;
  readonly source: Float32Array;
  readonly decodedSource: Float32Array;
  readonly decodedEdit: Float32Array;
}

/** Options of making a layer from an edit. */
export interface Delivery {
  /** Strength of the edit at intensity 1. */
  readonly strength: number;
  /** Whether the layer includes new content or only the grade. */
  readonly content: boolean;
  /** What is added to the scene, on the stage of the edit. */
  readonly scene?: ScenePlan;
}

/**
 * Port: the edit as its layer will look, at full strength and at working size, planar RGB in [0, 1]. The same fit and
 * compositing as for the full-resolution layer, so that what is judged and shown is what is delivered.
 */
export type Deliver = (edit: DecodedEdit, delivery: Pick<Delivery, 'content'>) => Float32Array;
