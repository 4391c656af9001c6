import { boundsOfLayer, freshId, type LayerContent, mapLayers } from './content.ts';
import { flattenedRaster } from './flatten.ts';
import type { ModalHost } from './modalHost.ts';
import type { DocumentModel } from './model.ts';

interface LayerCommand {
  /** The step that it makes in the history; null for none. */
  readonly step: string | null;
  /** Null where Photoshop's menu item is grey. */
  change(document: DocumentModel, layerId: number | null): (() => void) | null;
}

/** Commands of batchPlay that work on the active layer, or make one active. */
const COMMANDS: Readonly<Record<string, LayerCommand>> = {
  select: {
    step: null,
    change: (document, id) =>
      id === null || document.layer(id) === null
        ? null
        : () => document.change({ ...document.content, activeIds: [id] }),
  },
  /** Layer › Smart Objects › Convert to Smart Object: another layer in its place, its mask baked in, no longer clipped. */
  newPlacedLayer: {
    step: 'Convert to Smart Object',
    change: (document) =>
      replacing(document, (layer) => ({
        ...layer,
        id: freshId(),
        kind: 'smartObject',
        mask: null,
        isClippingMask: false,
      })),
  },
  /** Layer › Merge Group. */
  mergeLayersNew: {
    step: 'Merge Group',
    change: (document) =>
      replacing(document, (layer) => {
        if (layer.kind !== 'group') return null;
        const { depth } = document.facts;
        const pixels = flattenedRaster(layer.children, depth, boundsOfLayer(layer));
        return { ...layer, id: freshId(), kind: 'pixel', children: [], pixels };
      }),
  },
};

/** Replaces the one active layer. */
function replacing(
  document: DocumentModel,
  make: (layer: LayerContent) => LayerContent | null,
): (() => void) | null {
  const [id, ...others] = document.content.activeIds;
  const layer = id === undefined ? null : document.layer(id);
  const made = layer === null || layer.isBackground || others.length > 0 ? null : make(layer);
  if (made === null) return null;
  return () => {
    const layers = mapLayers(document.content.layers, (one) => (one.id === id ? made : one));
    document.change({ ...document.content, layers, activeIds: [made.id] });
  };
}

/** Plays a command; false where there is none of that name or it is not available. */
export function playLayerCommand(
  name: string,
  document: DocumentModel,
  layerId: number | null,
  modal: ModalHost,
): boolean {
  const command = COMMANDS[name];
  const change = command?.change(document, layerId) ?? null;
  if (command === undefined || change === null) return false;
  if (command.step === null) change();
  else modal.edit(document, command.step, name, change);
  return true;
}
