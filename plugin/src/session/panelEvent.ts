import type { JobEvent } from '@emoeditor/shared';
import type { ConnectionState, EndedJob } from '../client/companion.ts';
import type { KnownError } from '../errors.ts';
import type { ActiveLayer, EditableLayer } from '../host/hostPort.ts';
import type { Applied, Choices, LayerReading, Notice, Reading, Subject } from './panelState.ts';

/** Everything that can happen to the panel. */
export type PanelEvent =
  | { readonly type: 'connectionChanged'; readonly connection: ConnectionState }
  | { readonly type: 'layerChanged'; readonly active: ActiveLayer }
  | { readonly type: 'readingChanged'; readonly reading: Reading }
  | { readonly type: 'layerRead'; readonly reading: LayerReading }
  | { readonly type: 'chosen'; readonly choices: Partial<Choices> }
  | {
      readonly type: 'captureStarted';
      readonly layer: EditableLayer;
      readonly target: Choices['target'];
    }
  | { readonly type: 'editStarted'; readonly subject: Subject }
  | { readonly type: 'jobEvent'; readonly event: JobEvent }
  | { readonly type: 'previewArrived'; readonly index: number; readonly picture: string }
  | { readonly type: 'editEnded'; readonly job: EndedJob }
  /** One of the results that are kept is to be looked at. */
  | { readonly type: 'resultShown'; readonly jobId: string }
  /** The server was told to forget these. */
  | { readonly type: 'resultsForgotten'; readonly jobIds: readonly string[] }
  | { readonly type: 'frameSelected'; readonly index: number }
  | { readonly type: 'applyStarted' }
  | { readonly type: 'applyProgressed'; readonly fraction: number; readonly etaMs: number | null }
  /** Photoshop is held by something else. */
  | { readonly type: 'applyWaiting' }
  | { readonly type: 'applied'; readonly applied: Applied }
  /** Which of the layers that showed the result is there now; null when none is. */
  | { readonly type: 'appliedFound'; readonly applied: Applied | null }
  | { readonly type: 'cancelRequested' }
  /** A run or an apply stopped; `error` null when the user wanted it so. */
  | {
      readonly type: 'stopped';
      readonly error: KnownError | null;
      readonly retry: Notice['retry'];
    }
  | { readonly type: 'noticeDismissed' };
