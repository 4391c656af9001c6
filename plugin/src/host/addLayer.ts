import type { Document } from 'photoshop/dom/Document';
import type { Layer } from 'photoshop/dom/Layer';
import { PluginError, throwIfCancelled } from '../errors.ts';
import { documentRefusal, kindRefusal } from './describeLayer.ts';
import { documentProfile } from './documentProfile.ts';
import { findLayer } from './findLayer.ts';
import type { EditableLayer, LayerAddition, NewLayer } from './hostPort.ts';
import { type CanvasPlace, layerCanvas } from './layerCanvas.ts';
import { type LayerMask, masksOf } from './layerMasks.ts';
import { type ModalScope, partOfScope } from './modal.ts';
import type { PhotoshopModule } from './photoshopModule.ts';
import { type Placement, placementOf } from './placement.ts';
import { boundsOf, intersection, isWithin, shifted } from './rectangle.ts';

/**
 * Puts a painted layer, or a group of two, above its source. Call it within one history step: what it throws is rolled
 * back there.
 */
export async function addLayer(
  photoshop: PhotoshopModule,
  { layer: wanted, paint, paintContent }: LayerAddition,
  scope: ModalScope,
  isResult: (id: number) => boolean,
): Promise<number> {
  const { document, layer } = findSource(photoshop, wanted.source);
  if (paintContent !== undefined && layer.isClippingMask) throw cannotGroup(wanted.source);
  const replaced = wanted.replaces === null ? null : findLayer(document.layers, wanted.replaces);
  const placement = await placementOf(photoshop, document, layer, isResult);
  // A group cannot be clipped: it takes the source's masks over instead.
  const hold = paintContent === undefined ? placement.hold : 'plain';
  const isGroup = paintContent !== undefined;
  const title = freeName(document, wanted.name, replaced);
  const name = isGroup ? GRADE : title;
  const target = await newLayer(photoshop, document, name, replaced ?? placement.below);
  if (hold === 'clip' || hold === 'sibling') target.isClippingMask = true;

  let isTransparent = false;
  const found = { document, layer, replaced, targetId: target.id, hold };
  const place = await placeOf(photoshop, wanted, found, () => {
    isTransparent = true;
  });
  const { imaging } = photoshop;
  const parts = isGroup ? 2 : 1;
  await paint(layerCanvas(imaging, place, partOfScope(scope, 0, parts), wanted.name));
  if (hold === 'clipSoft' && isTransparent) target.isClippingMask = true;
  let result = target;
  if (paintContent !== undefined) {
    const content = await newLayer(photoshop, document, CONTENT, target);
    content.isClippingMask = true;
    // The grade's mask holds for what is clipped to it.
    const unmasked = { ...place, targetId: content.id, masks: { selection: null, layers: [] } };
    await paintContent(layerCanvas(imaging, unmasked, partOfScope(scope, 1, parts), wanted.name));
    result = await grouped(document, title, [content, target]);
  }
  throwIfCancelled(scope.signal);
  replaced?.delete();
  return result.id;
}

/** With a number where a layer of that name is there already, as Photoshop numbers its own. */
function freeName(document: Document, name: string, replaced: Layer | null): string {
  const taken = new Set<string>();
  const note = (layers: Iterable<Layer>) => {
    for (const layer of layers) {
      if (layer.id === replaced?.id) continue;
      taken.add(layer.name);
      if (layer.layers) note(layer.layers);
    }
  };
  note(document.layers);
  if (!taken.has(name)) return name;
  for (let number = 2; ; number += 1) {
    if (!taken.has(`${name} (${number})`)) return `${name} (${number})`;
  }
}

/** Names of the two layers of a group. */
const GRADE = 'Grade';
const CONTENT = 'Content';

async function newLayer(
  { constants }: PhotoshopModule,
  document: Document,
  name: string,
  below: Layer,
): Promise<Layer> {
  const made = await document.createPixelLayer({ name });
  if (made === null) throw noNewLayer();
  made.move(below, constants.ElementPlacement.PLACEBEFORE);
  return made;
}

async function grouped(document: Document, name: string, fromLayers: Layer[]): Promise<Layer> {
  const group = await document.createLayerGroup({ name, fromLayers });
  if (group === null) throw noNewLayer();
  return group;
}

interface Found {
  readonly document: Document;
  readonly layer: Layer;
  readonly replaced: Layer | null;
  readonly targetId: number;
  readonly hold: Placement['hold'];
}

/** Where to read, where to paint, and what masks it. */
async function placeOf(
  photoshop: PhotoshopModule,
  { source, region }: NewLayer,
  { document, layer, replaced, targetId, hold }: Found,
  onTransparent: () => void,
): Promise<CanvasPlace> {
  const now = currentBounds(layer, source);
  const { left, top } = source.bounds;
  const bounds = shifted(region.bounds, now.left - left, now.top - top);
  const selected = document.selection?.bounds ?? null;
  // A result that takes another's place keeps that one's mask; the selection may be long gone.
  const selection = replaced === null && selected !== null ? boundsOf(selected) : null;
  if (replaced === null && selection === null && region.selection !== 'none') {
    throw selectionGone(source);
  }
  const isKept = region.selection === 'keep';
  const area = selection === null || isKept ? bounds : intersection(bounds, selection);
  if (area === null) throw selectionMoved(source);
  const needed = selection === null || isKept ? null : intersection(now, selection);
  if (needed !== null && !isWithin(needed, bounds)) throw selectionGrew(source);
  const isHeld = hold === 'clip' || hold === 'clipSoft';
  return {
    documentId: document.id,
    sourceId: layer.id,
    targetId,
    bounds,
    area: shifted(area, -bounds.left, -bounds.top),
    depth: document.bitsPerChannel === 'bitDepth16' ? 16 : 8,
    profile: documentProfile(document.colorProfileName),
    masks: {
      selection: selection === null ? null : isKept ? 'outside' : 'inside',
      layers: await masksToTakeOver(photoshop, document, layer, replaced, isHeld),
    },
    isHeld,
    onTransparent,
  };
}

/** The mask of what is replaced; otherwise the source's own, where nothing else holds the result to it. */
async function masksToTakeOver(
  photoshop: PhotoshopModule,
  document: Document,
  source: Layer,
  replaced: Layer | null,
  isHeld: boolean,
): Promise<LayerMask[]> {
  if (replaced === null) {
    return isHeld ? [] : masksOf(photoshop, document.id, source.id, false);
  }
  // Of a group of ours, the grade has the mask; it is the lowest.
  const parts = Array.from(replaced.layers ?? []);
  const owner = parts[parts.length - 1] ?? replaced;
  return masksOf(photoshop, document.id, owner.id, true);
}

function noNewLayer(): PluginError {
  return new PluginError('HOST_FAILED', {
    message: 'Photoshop made no new layer.',
    hint: 'Check that the document can take another layer, then try again.',
  });
}

function cannotGroup({ name }: EditableLayer): PluginError {
  return new PluginError('HOST_FAILED', {
    message: `“${name}” is clipped to the layer below it, and its result would have to be a clipped group.`,
    hint: 'Choose “One layer” as the result under Advanced, then apply again.',
  });
}

/** @throws PluginError SOURCE_GONE, SOURCE_CHANGED; to be asked before the document's history is suspended */
export function findSource(
  { app }: PhotoshopModule,
  source: EditableLayer,
): { document: Document; layer: Layer } {
  const document = Array.from(app.documents).find(({ id }) => id === source.documentId);
  const layer = document && findLayer(document.layers, source.layerId);
  if (document && layer) {
    const refusal = documentRefusal(document) ?? kindRefusal(layer);
    if (refusal !== null) throw noLongerEditable(refusal.message);
    return { document, layer };
  }
  throw new PluginError('SOURCE_GONE', {
    message: document
      ? `The layer “${source.name}” is no longer in “${source.documentName}”.`
      : `“${source.documentName}” is no longer open.`,
    hint: 'Open it again, or choose another layer and run the edit again.',
    retryable: false,
  });
}

/** The document was converted, or the layer became a smart object, while the model was at work. */
function noLongerEditable(message: string): PluginError {
  return new PluginError('SOURCE_CHANGED', {
    message,
    hint: 'It was not so when the edit began: undo that and apply again.',
  });
}

/** A layer that was moved is edited where it is now; one whose size changed no longer fits the edit. */
function currentBounds(layer: Layer, source: EditableLayer) {
  const bounds = boundsOf(layer.boundsNoEffects);
  if (
    bounds !== null &&
    bounds.width === source.bounds.width &&
    bounds.height === source.bounds.height
  ) {
    return bounds;
  }
  const now = bounds === null ? 'empty' : `${bounds.width} × ${bounds.height} pixels`;
  throw new PluginError('SOURCE_CHANGED', {
    message: `“${source.name}” was ${source.bounds.width} × ${source.bounds.height} pixels when the edit began and is ${now} now.`,
    hint: 'Undo the change, or run the edit again.',
    retryable: false,
  });
}

function selectionMoved(source: EditableLayer): PluginError {
  return new PluginError('SOURCE_CHANGED', {
    message: `The selection no longer touches “${source.name}”.`,
    hint: 'Deselect, or select a part of the layer, then apply again.',
  });
}

/** Beyond the region there is no edit: the result would end in a straight line there. */
function selectionGrew(source: EditableLayer): PluginError {
  return new PluginError('SOURCE_CHANGED', {
    message: `The selection reaches further into “${source.name}” than it did when the edit began.`,
    hint: 'Choose the selection that the edit was made for and apply again, or run the edit again.',
  });
}

function selectionGone(source: EditableLayer): PluginError {
  return new PluginError('SOURCE_CHANGED', {
    message: `The edit of “${source.name}” was made for a selection, and nothing is selected now.`,
    hint: 'Choose Select › Reselect and apply again, or run the edit again.',
  });
}
