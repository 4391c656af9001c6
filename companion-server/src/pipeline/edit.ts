import type {
  EditRequest,
  EmotionVector,
  Extent,
  IterationReport,
  Outcome,
  Progress,
} from '@emoeditor/shared';
import type { Delivery } from './deliver.ts';
import type { SceneStage } from './sceneStage.ts';

/** An 8-bit sRGB picture, interleaved RGB, at working size. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
  /** Where the edit will show, 0 to 255 for each pixel; everywhere when left out. */
  readonly region?: Uint8Array;
}

/** Events of a running edit. Callbacks must not throw. */
export interface EditEvents {
  progress(progress: Progress): void;
  /**
   * After each IEI iteration, in order, with its best candidate as the layer will look, within the region; none follows
   * the edit's end.
   */
  iteration(report: IterationReport, delivered: Picture, pictures: IterationPictures): void;
}

/**
 * What compositing needs of one iteration. Reported as soon as the iteration is finished, because an edit that is
 * cancelled or fails has no outcome. All planar RGB [3, H, W] in [0, 1]; the sources are the same arrays every time.
 */
export interface IterationPictures {
  readonly extent: Extent;
  readonly source: Float32Array;
  readonly decodedSource: Float32Array;
  /** Weight of each pixel where the edit shows, [H · W] in [0, 1]; null: everywhere. */
  readonly region: Float32Array | null;
  /** What the plan of a delivery is carried out on; there where something may be added to the scene. */
  readonly stage?: SceneStage;
  readonly decodedEdit: Float32Array | Undecoded;
  readonly delivery: Delivery;
}

/** An iteration previewed by a tiny decoder: {@link Editor.decode} is deferred, since most are never applied. */
export interface Undecoded {
  /** Scaled latents [c, h, w]. */
  readonly latents: Float32Array;
}

/** One finished iteration that may still be chosen. */
export interface IterationResult {
  readonly report: IterationReport;
  /** Scaled latents [c, h, w]. */
  readonly latents: Float32Array;
  /** As its layer will look everywhere, planar RGB [3, H, W] in [0, 1]. */
  readonly delivered: Float32Array;
  readonly delivery: Delivery;
  /** The picture as it was decoded to be judged, planar RGB [3, H, W] in [0, 1], clamped. */
  readonly decoded: Float32Array;
  /** The same by the VAE itself. */
  readonly decodedEdit: Float32Array | Undecoded;
}

export interface EditOutcome {
  /** Working size of all pictures here. */
  readonly extent: Extent;
  /** The proxy as planar RGB [3, H, W] in [0, 1]. */
  readonly source: Float32Array;
  /** The source through the VAE and back, planar RGB in [0, 1]: compared with it, the VAE's own blur cancels. */
  readonly decodedSource: Float32Array;
  /** See {@link IterationPictures.stage}. */
  readonly stage?: SceneStage;
  readonly sourceDistribution: EmotionVector;
  readonly iterations: readonly IterationResult[];
  /** Index into `iterations` of the one IEI chose. */
  readonly chosen: number;
  readonly outcome: Outcome;
  readonly unetEvaluations: number;
  /** Milliseconds by stage. */
  readonly timings: Readonly<Record<string, number>>;
}

/** Port of the whole inference job; implemented by the pipeline in process and by the engine across processes. */
export interface Editor {
  /**
   * @param proxy 8-bit sRGB picture; scaled to the bundle's working size inside when it is not at it
   * @throws the signal's reason when aborted, within one step
   */
  edit(
    request: EditRequest,
    proxy: Picture,
    events: EditEvents,
    signal: AbortSignal,
  ): Promise<EditOutcome>;
  /**
   * What the VAE makes of an iteration, planar RGB [3, H, W] in [0, 1]: to be compared with `decodedSource`, which the
   * VAE made too.
   */
  decode(undecoded: Undecoded, extent: Extent): Promise<Float32Array>;
}
