import type { Document } from 'photoshop/dom/Document';
import { addLayer, findSource } from './addLayer.ts';
import { describeActive, describeSelected } from './describeLayer.ts';
import { describeVisible } from './describeVisible.ts';
import { noteInDocument } from './documentNote.ts';
import type { HostInfo, HostPort } from './hostPort.ts';
import { LAYER_EVENTS } from './layerEvents.ts';
import { watchMachine } from './machineEvents.ts';
import { type EnterModal, partOfScope } from './modal.ts';
import type { ActionRecorder, PhotoshopModule, ReferenceValidator } from './photoshopModule.ts';
import { picturesOf } from './pictures.ts';
import { proxyReader } from './proxyReader.ts';

/** Name under which the playback function is published for Photoshop (`globalThis.emoEditorApply`). */
export const PLAYBACK_FUNCTION = 'emoEditorApply';

/** One click makes several events; only the last one's state is of interest. */
const SETTLE_MS = 100;

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
  const { app, action } = photoshop;
  const pictures = picturesOf(photoshop.imaging);
  const activeDocument = () => (app.activeDocument ?? null) as Document | null;
  const sourceOf = (layerId: number) => sources.get(layerId) ?? null;
  const addLayers: HostPort['addLayers'] = async (name, additions, signal, onBusy) => {
    const documentId = additions[0]?.layer.source.documentId;
    if (documentId === undefined) return [];
    const ids = await enterModal(
      name,
      async (scope) => {
        for (const { layer } of additions) findSource(photoshop, layer.source);
        return scope.asOneStep(documentId, name, async () => {
          const made: number[] = [];
          for (const [at, addition] of additions.entries()) {
            const part = partOfScope(scope, at, additions.length);
            made.push(await addLayer(photoshop, addition, part, (id) => sources.has(id)));
            const { note } = addition.layer;
            if (note !== null) await noteInDocument(photoshop, documentId, note);
          }
          return made;
        });
      },
      signal,
      onBusy,
    );
    for (const [at, id] of ids.entries()) {
      const layerId = additions[at]?.layer.source.layerId;
      if (layerId !== undefined) sources.set(id, layerId);
    }
    return ids;
  };
  return {
    info,

    activeLayer: (source = 'layer') =>
      source === 'visible'
        ? describeVisible(activeDocument())
        : describeActive(activeDocument(), sourceOf),
    selectedLayers: () => describeSelected(activeDocument(), sourceOf),

    // Asked after every event: a walk through the layers would be a call into Photoshop for each of them.
    hasLayer: (documentId, layerId) =>
      (action as unknown as ReferenceValidator).validateReference([
        { _ref: 'layer', _id: layerId },
        { _ref: 'document', _id: documentId },
      ]),

    watch: (listener) => watchLayers(action, listener),
    watchMachine: (listener) => watchMachine(photoshop, listener),

    captureProxy: proxyReader(photoshop, pictures, enterModal),
    pictureOf: (pixels) => pictures.ofPixels(pixels),
    pictureOfFile: (mime, bytes) => pictures.ofFile(mime, bytes),
    forgetPicture: (picture) => pictures.forget(picture),

    async addLayer(layer, paint, signal) {
      const [id] = await addLayers(layer.name, [{ layer, paint }], signal);
      return id as number;
    },
    addLayers,

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

/** Calls once after a burst of events that may change the active layer. Returns the way to stop. */
function watchLayers(action: PhotoshopModule['action'], listener: () => void): () => void {
  const events = [...LAYER_EVENTS];
  let timer: ReturnType<typeof setTimeout> | null = null;
  const soon = () => {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(listener, SETTLE_MS);
  };
  void action.addNotificationListener(events, soon);
  return () => {
    if (timer !== null) clearTimeout(timer);
    void action.removeNotificationListener(events, soon);
  };
}
