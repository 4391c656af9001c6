import type { Document } from 'photoshop/dom/Document';
import type { Layer } from 'photoshop/dom/Layer';
import { PluginError, throwIfCancelled } from '../errors.ts';
import { cannotSelect, canvasPlace } from './canvasPlace.ts';
import { copyMask, copyMaskLooks } from './copyMask.ts';
import { documentRefusal, kindRefusal } from './describeLayer.ts';
import { findLayer } from './findLayer.ts';
import {
  type EditableLayer,
  type LayerAddition,
  type LayerCanvas,
  type NamedPaint,
  VISIBLE_ID,
} from './hostPort.ts';
import { type CanvasPlace, layerCanvas } from './layerCanvas.ts';
import type { LayerMask } from './layerMasks.ts';
import { type ModalScope, partOfScope } from './modal.ts';
import { freeName, grouped, layersOfResult, newLayer, partName } from './newLayers.ts';
import type { PhotoshopModule } from './photoshopModule.ts';
import { type PixelSource, rasterisedCopy, withPixelSource } from './pixelSource.ts';
import { type Placement, placementOf } from './placement.ts';
import { selectLayer } from './playOn.ts';
import { asSmartObject } from './smartObject.ts';

/**
 * Puts a painted layer, or a group of two, above its source. Call it within one history step: what it throws is rolled
 * back there.
 */
export async function addLayer(
  photoshop: PhotoshopModule,
  addition: LayerAddition,
  scope: ModalScope,
  isResult: (id: number) => boolean,
): Promise<number> {
  const { source, replaces } = addition.layer;
  const { document, layer } = findSource(photoshop, source);
  const replaced = replaces === null ? null : findLayer(document.layers, replaces);
  const placement = await placementOf(photoshop, document, layer, isResult);
  const isReplacing = placement.hold === 'sibling' || placement.hold === 'standIn';
  if (addition.above !== undefined && isReplacing) throw cannotGroup(source);
  const old = replaced === null ? [] : layersOfResult(document, replaced);
  const below = old[0] ?? placement.below;
  const found = { document, layer, replaced, below, hold: placement.hold };
  const result = await withPixelSource(photoshop, document, layer, (from) =>
    painted(photoshop, addition, { ...found, from }, scope),
  );
  throwIfCancelled(scope.signal);
  for (const layerOfOld of old) layerOfOld.delete();
  // The duplicate that such a source is read from was active meanwhile.
  if (source.kind === 'drawn') await selectLayer(photoshop, document.id, result.id);
  return result.id;
}

interface Subject {
  readonly document: Document;
  /** Null where what is visible is edited. */
  readonly layer: Layer | null;
  readonly replaced: Layer | null;
  readonly below: Layer;
  readonly hold: Placement['hold'];
  readonly from: PixelSource;
}

async function painted(
  photoshop: PhotoshopModule,
  { layer: wanted, paint, above, isSmartObject = false }: LayerAddition,
  subject: Subject,
  scope: ModalScope,
): Promise<Layer> {
  const { document, layer, replaced, hold } = subject;
  const name = freeName(document, wanted.name, replaced);
  const target = await targetOf(photoshop, subject, name);
  let isTransparent = false;
  const found = { ...subject, targetId: target.id };
  const asked = await canvasPlace(photoshop, wanted, found, () => {
    isTransparent = true;
  });
  const whole = wholeMask(asked.masks);
  const isCopied =
    whole !== null &&
    !isSmartObject &&
    (await copyMask(photoshop, document.id, whole.layerId, target.id));
  const place = isCopied ? { ...asked, masks: { ...asked.masks, layers: [] } } : asked;
  // Converted to a smart object, a layer would have its mask baked in: it gets it afterwards.
  const canvas = layerCanvas(
    photoshop.imaging,
    { ...place, isMaskedLater: isSmartObject },
    partOfScope(scope, 0, 1 + (above?.length ?? 0)),
    wanted.name,
  );
  await paint(canvas);
  const keepLooks = async (id: number) => {
    if (whole !== null && !isCopied) await copyMaskLooks(photoshop, document.id, whole.layerId, id);
  };
  if (!isSmartObject) await keepLooks(target.id);
  const isClipped = hold === 'clip' || (hold === 'clipSoft' && isTransparent);
  if (isClipped) target.isClippingMask = true;
  if (layer !== null && (hold === 'standIn' || (hold === 'sibling' && isTransparent))) {
    if (place.masks.selection !== null) throw cannotSelect(wanted.source);
    // Also an earlier result that stands there.
    for (const former of [layer, subject.below]) former.visible = false;
  }
  if (above !== undefined) {
    // Copied for the grade alone: what is clipped to the source beside it needs the mask, too.
    const graded = { document, target, name, place: asked, isClipped };
    return withLayersAbove(photoshop, graded, above, (at, k) =>
      layerCanvas(photoshop.imaging, at, partOfScope(scope, 1 + k, 1 + above.length), wanted.name),
    );
  }
  if (!isSmartObject) return target;
  const smart = await asSmartObject(photoshop, document, target);
  await canvas.writeMasks(smart.id);
  await keepLooks(smart.id);
  return smart;
}

/** The mask that a result takes over as it is; null where it takes over none, or part of one, or several. */
function wholeMask({ selection, layers }: CanvasPlace['masks']): LayerMask | null {
  const [mask, ...others] = layers;
  const isWhole = selection === null && mask?.kind === 'user' && others.length === 0;
  return isWhole ? mask : null;
}

/** An empty layer, or for a result in its source's place a copy of that with all its looks. */
async function targetOf(
  photoshop: PhotoshopModule,
  { document, layer, below, hold }: Subject,
  name: string,
): Promise<Layer> {
  const target =
    hold === 'standIn' && layer !== null
      ? await rasterisedCopy(photoshop, document, layer)
      : await newLayer(document, name);
  target.move(below, photoshop.constants.ElementPlacement.PLACEBEFORE);
  const isReplacing = hold === 'sibling' || hold === 'standIn';
  if (hold === 'clip' || (isReplacing && layer?.isClippingMask)) target.isClippingMask = true;
  if (hold !== 'standIn') return target;
  target.name = name;
  target.visible = true;
  return target;
}

interface Graded {
  readonly document: Document;
  /** The grade. */
  readonly target: Layer;
  readonly name: string;
  readonly place: CanvasPlace;
  /** Whether the grade is clipped to the source. */
  readonly isClipped: boolean;
}

/**
 * What lies above its grade: clipped to it, and all of it a group. A group cannot be clipped, so of a source that has to
 * hold its result all are clipped to the source.
 */
async function withLayersAbove(
  photoshop: PhotoshopModule,
  { document, target, name, place, isClipped }: Graded,
  above: readonly NamedPaint[],
  canvasAt: (place: CanvasPlace, index: number) => LayerCanvas,
): Promise<Layer> {
  // The grade's mask holds for what is clipped to it.
  const masks = isClipped ? place.masks : { ...place.masks, selection: null, layers: [] };
  // From the top down, as Photoshop lists them.
  const layers = [target];
  for (const [index, { name: part, paint }] of above.entries()) {
    const layer = await newLayer(document, isClipped ? partName(name, part) : part);
    layer.move(layers[0] as Layer, photoshop.constants.ElementPlacement.PLACEBEFORE);
    layer.isClippingMask = true;
    await paint(canvasAt({ ...place, alpha: 'own', targetId: layer.id, masks }, index));
    layers.unshift(layer);
  }
  if (isClipped) return target;
  target.name = 'Grade';
  return grouped(document, name, layers);
}

function cannotGroup({ name }: EditableLayer): PluginError {
  return new PluginError('HOST_FAILED', {
    message: `“${name}” is clipped to the layer below it, or blends one by one what is clipped to it: its result takes its place and cannot be a group.`,
    hint: 'Choose “One layer” as the result under Advanced, then apply again.',
  });
}

/** Null for what is visible. @throws PluginError SOURCE_GONE, SOURCE_CHANGED; to be asked before the document's history is suspended */
export function findSource(
  { app }: PhotoshopModule,
  source: EditableLayer,
): { document: Document; layer: Layer | null } {
  const document = Array.from(app.documents).find(({ id }) => id === source.documentId);
  const isVisible = source.layerId === VISIBLE_ID;
  const layer = (document && findLayer(document.layers, source.layerId)) ?? null;
  if (document && (layer !== null || isVisible)) {
    const refusal = documentRefusal(document) ?? (layer && kindRefusal(layer));
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
