import type {
  Emotion,
  EmotionVector,
  IeiMode,
  IterationReport,
  JobState,
  Outcome,
  PixelBuffer,
  ScenePlan,
} from '@emoeditor/shared';
import type { ConnectionState } from '../client/companion.ts';
import type { KnownError } from '../errors.ts';
import type { ActiveLayer, EditableLayer, EditRegion, SourceChoice } from '../host/hostPort.ts';

/** All that the panel shows. Changed by `panelReducer` alone. */
export interface PanelState {
  readonly connection: ConnectionState;
  readonly active: ActiveLayer;
  readonly reading: Reading;
  /** Newest reading of a result at another intensity than 100 %; null while there is none. */
  readonly layerReading: LayerReading | null;
  readonly choices: Choices;
  readonly run: Run;
  /** Results beside the one in `run`, the newest first: a layer that is selected brings its own back. */
  readonly kept: readonly Result[];
  readonly notice: Notice | null;
}

/** What the predictor makes of the active layer. */
export type Reading =
  | { readonly kind: 'none' }
  | { readonly kind: 'reading' }
  | {
      readonly kind: 'read';
      readonly distribution: EmotionVector;
      /** The layer in its own shape, not much larger than a preview, as a data URL. */
      readonly picture: string;
    };

/** What the server reads in the layer of an iteration at an intensity. */
export interface LayerReading {
  readonly jobId: string;
  readonly iteration: number;
  /** Percent. */
  readonly intensity: number;
  readonly elements: number;
  readonly distribution: EmotionVector;
  /** The region with that layer, at working size; null until it was made. */
  readonly picture: string | null;
}

/** What the user chose; remembered. */
export interface Choices {
  readonly target: Emotion;
  /** Percent, 0 to 150. */
  readonly intensity: number;
  readonly mode: IeiMode;
  readonly seed: number;
  readonly selection: SelectionUse;
  /** Document pixels over which the edge of a selection fades on each side. */
  readonly feather: number;
  /** What the model sees around a selection, in percent of its longer side. */
  readonly padding: number;
  readonly result: ResultKind;
  readonly source: SourceChoice;
  /** What may be added to the scene: `auto`, `off`, or an instruction's id. */
  readonly instruction: string;
  /** Ids of instructions that the server must not choose by itself. */
  readonly banned: readonly string[];
  /** Strength of what is added, in percent. */
  readonly elements: number;
  /** Exactly this is added, whatever `instruction` says: played from a recorded action. */
  readonly plan?: ScenePlan;
  /** Whether the document's metadata say that it was edited by a model. */
  readonly aiNote: 'on' | 'off';
}

/** One layer with everything, a group of a Grade and a Content layer, or one embedded smart object. */
export type ResultKind = 'layer' | 'group' | 'smartObject';

/** What a selection means: the part to change, or the part that stays as it is to the last bit. */
export type SelectionUse = 'edit' | 'keep';

/** What an edit was started with. */
export interface Subject {
  readonly layer: EditableLayer;
  readonly region: EditRegion;
  readonly target: Emotion;
  readonly seed: number;
  /** Name of the model bundle. */
  readonly model: string;
  /** The region in its own shape, not much larger than a preview. */
  readonly before: string;
  /** What the model saw of it. */
  readonly proxy: PixelBuffer;
  /** Noise of the photograph at its own resolution (CM8). */
  readonly grain: number;
}

/** One iteration with its picture. */
export interface Frame {
  readonly report: IterationReport;
  /** A data URL. At working size, so a little out of the region's shape, which is what to show it in. */
  readonly picture: string;
}

/** What an ended edit left: any of its frames can be applied. */
export interface Result {
  /** Counts the results of this panel, from 1. */
  readonly number: number;
  readonly subject: Subject;
  readonly jobId: string;
  readonly frames: readonly Frame[];
  /** The iteration that the loop settled on; null when the user cancelled. */
  readonly chosen: number | null;
  readonly selected: number;
  readonly sourceDistribution: EmotionVector | null;
  /** How the run ended and why that iteration; null when it was cancelled. */
  readonly outcome: Outcome | null;
  readonly applied: Applied | null;
  /** All layers that have shown it, the newest first. */
  readonly everApplied: readonly Applied[];
}

/** The layer that shows a result now. */
export interface Applied {
  readonly layerId: number;
  readonly iteration: number;
  readonly intensity: number;
  /** Percent. */
  readonly elements: number;
  readonly kind: ResultKind;
}

export type Run =
  | { readonly kind: 'idle' }
  | { readonly kind: 'capturing'; readonly layer: EditableLayer; readonly target: Emotion }
  | {
      readonly kind: 'editing';
      readonly subject: Subject;
      readonly job: JobState;
      readonly frames: readonly Frame[];
      /** The frame looked at; null follows the newest. */
      readonly viewed: number | null;
      readonly isCancelling: boolean;
    }
  | { readonly kind: 'ended'; readonly result: Result }
  | {
      readonly kind: 'applying';
      readonly result: Result;
      readonly fraction: number;
      /** What is left of it; null until that can be told. */
      readonly etaMs: number | null;
      /** True while a dialog or a tool of Photoshop's keeps us waiting. */
      readonly isWaiting: boolean;
      readonly isCancelling: boolean;
    };

/** An error to show, and what its button does. */
export interface Notice {
  readonly error: KnownError;
  readonly retry: 'edit' | 'apply' | null;
}

export const DEFAULT_CHOICES: Choices = {
  target: 'awe',
  intensity: 100,
  mode: 'fast',
  seed: 42,
  selection: 'edit',
  feather: 0,
  padding: 50,
  result: 'layer',
  source: 'layer',
  instruction: 'auto',
  banned: [],
  elements: 100,
  aiNote: 'on',
};

export function initialState(choices: Choices): PanelState {
  return {
    connection: { kind: 'searching' },
    active: { kind: 'none', message: '', hint: '' },
    reading: { kind: 'none' },
    layerReading: null,
    choices,
    run: { kind: 'idle' },
    kept: [],
    notice: null,
  };
}

export function isBusy(run: Run): boolean {
  return run.kind === 'capturing' || run.kind === 'editing' || run.kind === 'applying';
}

/** What an iteration of a result adds to the scene; null for the light alone. */
export function sceneOf({ frames }: Pick<Result, 'frames'>, iteration: number): ScenePlan | null {
  const frame = frames.find(({ report }) => report.index === iteration);
  return frame?.report.scene?.plan ?? null;
}

export function resultOf(run: Run): Result | null {
  return run.kind === 'ended' || run.kind === 'applying' ? run.result : null;
}
