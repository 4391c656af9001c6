import type {
  EditRequest,
  EmotionVector,
  IterationReport,
  OfferedInstruction,
  Progress,
} from '@emoeditor/shared';
import type { Compositing } from '../engine/threads/compositorThread.ts';
import type { SourceChoice } from '../imaging/editableDocument.ts';
import type { Editor, Picture } from '../pipeline/edit.ts';
import type { BundleInfo } from '../pipeline/modelPorts.ts';
import type { Repainter } from '../pipeline/repaint.ts';

/**
 * How a layered document gets the result: one layer of pixels, a group of the colour change and of what it cannot
 * explain, or an embedded smart object.
 */
export type ResultKind = 'layer' | 'group' | 'smart-object';

export interface EditFileJob {
  readonly input: string;
  readonly output: string;
  /** What of a PSD is edited. */
  readonly source: SourceChoice;
  readonly result: ResultKind;
  /** Whether the file's metadata say that it was edited by a model. */
  readonly aiNote: boolean;
  readonly request: EditRequest;
  /** 0 to 1.5; 1 is the edit as generated. */
  readonly intensity: number;
  /** Strength of what is added to the scene, 0 to 1; that of the intensity when null. */
  readonly elements: number | null;
  readonly overwrite: boolean;
  /** Paints what the edit has added once more at twice the working size. */
  readonly refine: boolean;
  /** Where the grade goes as a `.cube` table, if it is global enough for one. */
  readonly cube: string | null;
}

/** What the models bring to an edit of a file. */
export interface LoadedEditor {
  readonly editor: Editor;
  readonly repainter: Repainter;
  /** The predictor's reading of a picture, which is brought to working size. */
  read(picture: Picture): Promise<EmotionVector>;
  /** The compositor in threads, which start with the first tile and hold no process that has nothing else to do. */
  readonly compositing: Pick<Compositing, 'composite'>;
  /** Instructions that a request may name; none where nothing may be added to a scene. */
  readonly offers: readonly OfferedInstruction[];
  readonly info: Pick<BundleInfo, 'name' | 'workingArea' | 'publishedArea' | 'sizeMultiple'>;
}

export interface EditFileEvents {
  note(sentence: string): void;
  progress(progress: Progress): void;
  iteration(report: IterationReport): void;
}
