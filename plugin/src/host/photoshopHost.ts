import type { Document } from 'photoshop/dom/Document';
import { addLayer } from './addLayer.ts';
import { captureProxy } from './captureProxy.ts';
import { describeActive } from './describeLayer.ts';
import type { HostInfo, HostPort } from './hostPort.ts';
import { LAYER_EVENTS } from './layerEvents.ts';
import type { EnterModal } from './modal.ts';
import type { ActionRecorder, PhotoshopModule } from './photoshopModule.ts';

/** Name under which the playback function is published for Photoshop (`globalThis.emoEditorApply`). */
export const PLAYBACK_FUNCTION = 'emoEditorApply';

/** Photoshop behind the host port. `enterModal` is Photoshop's own, or a playing action's. */
export function photoshopHost(
  photoshop: PhotoshopModule,
  info: HostInfo,
  enterModal: EnterModal,
): HostPort {
  const { app, action, imaging } = photoshop;
  return {
    info,

    activeLayer: () => describeActive((app.activeDocument ?? null) as Document | null),

    watch(listener) {
      const events = [...LAYER_EVENTS];
      void action.addNotificationListener(events, listener);
      return () => void action.removeNotificationListener(events, listener);
    },

    captureProxy: (layer, extent, signal) =>
      enterModal('Read layer', () => captureProxy(imaging, layer, extent), signal),

    addLayer: (plan, paint, signal) =>
      enterModal(
        plan.name,
        (scope) =>
          scope.asOneStep(plan.source.documentId, plan.name, () =>
            addLayer(photoshop, plan, paint, scope),
          ),
        signal,
      ),

    async recordStep(name, parameters) {
      const recorder = action as unknown as Partial<ActionRecorder>;
      try {
        await recorder.recordAction?.({ name, methodName: PLAYBACK_FUNCTION }, parameters);
      } catch {
        // Photoshop's documents do not say what happens when no action is being recorded; the edit is done either way.
      }
    },
  };
}
