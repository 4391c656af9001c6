import type {
  EditRequest,
  EmotionVector,
  OfferedInstruction,
  Outcome,
  PixelBuffer,
} from '@emoeditor/shared';
import type { CompositeSettings, TilePlace } from '../compositor/compositor.ts';
import type { EditEvents, IterationPictures, Picture } from '../pipeline/edit.ts';
import type { BundleInfo } from '../pipeline/modelPorts.ts';
import type { LayerFit } from './layerFit.ts';

/** What runs: the bundle, and the execution provider with the reason why it was chosen. */
export interface EngineInfo {
  readonly bundle: BundleInfo;
  /** What a request may name; left out where nothing may be added to a scene. */
  readonly instructions?: readonly OfferedInstruction[];
  readonly provider: {
    readonly name: string;
    readonly reason: string;
    /** Providers that were tried before, and why each did not run. */
    readonly refused: readonly { readonly name: string; readonly reason: string }[];
  };
}

/** How an edit ended; its pictures came with the iterations. */
export interface EditSummary {
  /** Index of the iteration that IEI chose. */
  readonly chosen: number;
  readonly outcome: Outcome;
  readonly sourceDistribution: EmotionVector;
  readonly unetEvaluations: number;
  /** Milliseconds by stage. */
  readonly timings: Readonly<Record<string, number>>;
}

/** What an engine that others use as well must know of an edit, and what it tells of its wait. */
export interface EditOrder {
  /** Letters, digits and dashes; the same id is the same edit, which is joined where it runs already. */
  readonly id: string;
  /** So many edits are ahead. */
  queued(position: number): void;
  started(): void;
}

/** Aborts what runs because the server closes, not because anybody wants it to end. */
export class ServerCloses extends Error {
  override readonly name = 'ServerCloses';
}

/**
 * Port: everything that needs models or heavy computation. It holds no state that its owner relies on: edits and fits
 * are plain data that the owner keeps, so a new engine can replace one that crashed.
 * All methods throw ProtocolError, or the signal's reason when aborted.
 */
export interface Engine {
  /** There where edits wait among those of others: they have begun when their order is told so. */
  readonly isShared?: boolean;
  /** Loads the models unless they are loaded, and returns what runs. After a failed load the next call tries again. */
  ready(): Promise<EngineInfo>;
  /** One edit at a time; the caller queues. Aborting ends it within one step. */
  edit(
    request: EditRequest,
    proxy: Picture,
    events: EditEvents,
    signal: AbortSignal,
    order?: EditOrder,
  ): Promise<EditSummary>;
  /** The predictor's reading of a picture of any size. */
  predict(picture: Picture, signal: AbortSignal): Promise<EmotionVector>;
  /**
   * Fits an edit as grade and content in the space of that ICC profile and prepares its scene; decodes it first where that
   * was deferred.
   */
  fit(edit: IterationPictures, profile: string): Promise<LayerFit>;
  /** Applies a fit to one tile; the answer has the tile's format. */
  composite(
    fit: LayerFit,
    tile: PixelBuffer,
    place: TilePlace,
    settings: CompositeSettings,
  ): Promise<PixelBuffer>;
  close(): Promise<void>;
}
