import type {
  EditRequest,
  EmotionVector,
  Extent,
  IterationReport,
  Progress,
  WireError,
} from '@emoeditor/shared';
import type { IterationPictures, Picture, Undecoded } from '../pipeline/edit.ts';
import type { EditSummary, EngineInfo } from './engine.ts';
import type { EngineSettings } from './engineModels.ts';

/** The work an engine's process does, by name: what it takes and what it gives. */
export interface EngineCalls {
  edit: { takes: { request: EditRequest; proxy: Picture }; gives: EditSummary };
  /** The VAE's picture of an iteration, planar RGB. */
  decode: { takes: { undecoded: Undecoded; extent: Extent }; gives: Float32Array };
  predict: { takes: { picture: Picture }; gives: EmotionVector };
}
export type EngineCall = keyof EngineCalls;

/** A call as sent to the engine process. */
export type CallMessage = {
  [Name in EngineCall]: {
    readonly type: 'call';
    readonly id: number;
    readonly name: Name;
    readonly takes: EngineCalls[Name]['takes'];
  };
}[EngineCall];

/** Server → engine process. */
export type ToEngine =
  | { readonly type: 'start'; readonly settings: EngineSettings; readonly modelsModule: string }
  | CallMessage
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'stop' };

/** Engine process → server. */
export type FromEngine =
  | { readonly type: 'ready'; readonly info: EngineInfo }
  /** The models cannot be loaded; the process ends. */
  | { readonly type: 'unavailable'; readonly error: WireError }
  /** A graph could not be run any more; the process ends. */
  | { readonly type: 'broken'; readonly reason: string }
  | { readonly type: 'progress'; readonly id: number; readonly progress: Progress }
  | {
      readonly type: 'iteration';
      readonly id: number;
      readonly report: IterationReport;
      readonly delivered: Picture;
      readonly decodedEdit: IterationPictures['decodedEdit'];
      readonly delivery: IterationPictures['delivery'];
      /** With the first iteration only: they are the same for all. */
      readonly sources: Omit<IterationPictures, 'decodedEdit' | 'delivery'> | null;
    }
  | { readonly type: 'done'; readonly id: number; readonly gives: unknown }
  /** `error` is null when the call was cancelled. */
  | { readonly type: 'failed'; readonly id: number; readonly error: WireError | null };
