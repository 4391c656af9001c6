import type { Document } from 'photoshop/dom/Document';
import { addLayer } from './addLayer.ts';
import { captureProxy } from './captureProxy.ts';
import { describeActive } from './describeLayer.ts';
import { findLayer } from './findLayer.ts';
import type { HostInfo, HostPort } from './hostPort.ts';
import { LAYER_EVENTS } from './layerEvents.ts';
import type { EnterModal } from './modal.ts';
import type { ActionRecorder, PhotoshopModule } from './photoshopModule.ts';

/** Name under which the playback function is published for Photoshop (`globalThis.emoEditorApply`). */
export const PLAYBACK_FUNCTION = 'emoEditorApply';

/** Results of this session → what they were made from, so that the next emotion starts from the photograph. */
export type ResultSources = Map<number, number>;

/**
 * Photoshop behind the host port. `enterModal` is Photoshop's own, or a playing action's; hosts that share their
 * `sources` know each other's results.
 */
export function photoshopHost(
  photoshop: PhotoshopModule,
  info: HostInfo,
  enterModal: EnterModal,
  sources: ResultSources = new Map(),
): HostPort {
  const { app, action, imaging } = photoshop;
  return {
    info,

    activeLayer: () =>
      describeActive(
        (app.activeDocument ?? null) as Document | null,
        (layerId) => sources.get(layerId) ?? null,
      ),

    hasLayer(documentId, layerId) {
      const document = Array.from(app.documents).find(({ id }) => id === documentId);
      return document !== undefined && findLayer(document.layers, layerId) !== null;
    },

    watch(listener) {
      const events = [...LAYER_EVENTS];
      void action.addNotificationListener(events, listener);
      return () => void action.removeNotificationListener(events, listener);
    },

    captureProxy: (layer, extent, signal) =>
      enterModal('Read layer', () => captureProxy(imaging, layer, extent), signal),

    async addLayer(plan, paint, signal) {
      const { documentId, layerId } = plan.source;
      const resultId = await enterModal(
        plan.name,
        (scope) =>
          scope.asOneStep(documentId, plan.name, () => addLayer(photoshop, plan, paint, scope)),
        signal,
      );
      sources.set(resultId, layerId);
      return resultId;
    },

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
