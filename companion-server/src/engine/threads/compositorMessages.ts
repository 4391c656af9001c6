import type { PixelBuffer, WireError } from '@emoeditor/shared';
import type { CompositeSettings, TilePlace, WorkingEdit } from '../../compositor/compositor.ts';
import type { FitSettings } from '../../compositor/fit/fitEdit.ts';
import type { LayerFit, PlannedScene } from '../layerFit.ts';

/** The work of the compositor's thread, by name: what it takes and what it gives. */
export interface CompositorCalls {
  fit: {
    takes: { edit: WorkingEdit; settings: Required<FitSettings>; scene: PlannedScene | null };
    gives: LayerFit;
  };
  composite: {
    takes: {
      fitId: number;
      /** Comes with the first tile; the thread keeps it until `dropFit`. */
      fit: LayerFit | null;
      tile: PixelBuffer;
      place: TilePlace;
      settings: CompositeSettings;
    };
    gives: PixelBuffer;
  };
}
export type CompositorCall = keyof CompositorCalls;

/** Server → thread. Calls are answered in their order. */
export type ToCompositor =
  | {
      [Name in CompositorCall]: {
        readonly type: 'call';
        readonly id: number;
        readonly name: Name;
        readonly takes: CompositorCalls[Name]['takes'];
      };
    }[CompositorCall]
  | { readonly type: 'dropFit'; readonly fitId: number };

/** Thread → server. */
export type FromCompositor =
  | { readonly type: 'done'; readonly id: number; readonly gives: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly error: WireError };
