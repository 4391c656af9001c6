import type { Emotion, EmotionVector, Extent } from '@emoeditor/shared';
import type { KnownError } from '../errors.ts';
import type { EditableLayer, SelectedLayer } from '../host/hostPort.ts';
import type { CompletedEdit } from './editLayer.ts';
import type { Choices } from './panelState.ts';

/** Several layers, each with its own emotion, run as one list. Changed by `planReducer` alone. */
export interface EditPlan {
  /** None while fewer than two layers are selected and no plan is under way. */
  readonly rows: readonly PlanRow[];
  readonly settings: PlanSettings;
  readonly isRunning: boolean;
  readonly isCancelling: boolean;
}

export interface PlanSettings {
  /** One history step for each layer, or one for all. */
  readonly steps: 'each' | 'one';
}

export interface PlanRow {
  /** Document and layer in one; refused layers have theirs too. */
  readonly key: string;
  readonly name: string;
  /** Null for a layer that cannot be edited. */
  readonly layer: EditableLayer | null;
  readonly target: Emotion;
  /** Percent, 0 to 150. */
  readonly intensity: number;
  readonly isIncluded: boolean;
  readonly status: RowStatus;
  /** The region as it is, as a picture; null until it was read. */
  readonly before: string | null;
  /** Shape of both pictures, in document pixels; null until it was read. */
  readonly shape: Extent | null;
  /** What the predictor reads in it; null until it was read. */
  readonly source: EmotionVector | null;
  /** The newest iteration, at last the one that is written; null until there is one. */
  readonly after: string | null;
  /** The layer that an earlier run of this row made. */
  readonly resultId: number | null;
}

export type RowStatus =
  | { readonly kind: 'waiting' }
  | {
      readonly kind: 'editing';
      readonly fraction: number;
      readonly text: string;
      /** `≈ 12 s`, of this layer; empty until something was measured. */
      readonly eta: string;
    }
  /** Ended on the server, and waits to be written with the others. */
  | { readonly kind: 'edited'; readonly edit: CompletedEdit }
  | {
      readonly kind: 'applying';
      readonly edit: CompletedEdit;
      readonly fraction: number;
      /** True while a dialog or a tool of Photoshop's keeps us waiting. */
      readonly isWaiting: boolean;
    }
  | { readonly kind: 'done'; readonly pTarget: number }
  | { readonly kind: 'failed'; readonly message: string; readonly hint: string }
  | { readonly kind: 'refused'; readonly message: string; readonly hint: string };

export type PlanEvent =
  | {
      readonly type: 'layersSelected';
      readonly layers: readonly SelectedLayer[];
      readonly choices: Choices;
    }
  | {
      readonly type: 'rowChosen';
      readonly key: string;
      readonly change: Partial<Pick<PlanRow, 'target' | 'intensity' | 'isIncluded'>>;
    }
  | { readonly type: 'settingsChosen'; readonly settings: PlanSettings }
  | { readonly type: 'started' }
  | { readonly type: 'rowChanged'; readonly key: string; readonly status: RowStatus }
  | {
      readonly type: 'rowRead';
      readonly key: string;
      readonly picture: string;
      readonly shape: Extent;
      /** Null where only the picture is new. */
      readonly distribution: EmotionVector | null;
    }
  | { readonly type: 'rowPreviewed'; readonly key: string; readonly picture: string }
  | { readonly type: 'rowApplied'; readonly key: string; readonly layerId: number }
  | { readonly type: 'rowFailed'; readonly key: string; readonly error: KnownError }
  | { readonly type: 'cancelRequested' }
  | { readonly type: 'ended' }
  | { readonly type: 'closed' };

export const EMPTY_PLAN: EditPlan = {
  rows: [],
  settings: { steps: 'each' },
  isRunning: false,
  isCancelling: false,
};

/** Rows that a run has still to do. */
export function rowsToDo({ rows }: EditPlan): PlanRow[] {
  return rows.filter(
    ({ isIncluded, layer, status }) => isIncluded && layer !== null && status.kind !== 'done',
  );
}

/** True once something was done or tried: such a plan stays although Photoshop selects the new layers. */
export function isUnderWay({ rows }: EditPlan): boolean {
  return rows.some(({ status }) => status.kind !== 'waiting' && status.kind !== 'refused');
}
