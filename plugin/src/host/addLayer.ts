import type { Document } from 'photoshop/dom/Document';
import type { Layer } from 'photoshop/dom/Layer';
import { PluginError, throwIfCancelled } from '../errors.ts';
import { documentProfile } from './documentProfile.ts';
import { findLayer } from './findLayer.ts';
import type { EditableLayer, LayerPlan, Paint } from './hostPort.ts';
import { layerCanvas } from './layerCanvas.ts';
import type { ModalScope } from './modal.ts';
import type { PhotoshopModule } from './photoshopModule.ts';
import { boundsOf, intersection, shifted } from './rectangle.ts';

/** Puts a painted layer above its source. Call it within one history step: what it throws is rolled back there. */
export async function addLayer(
  photoshop: PhotoshopModule,
  plan: LayerPlan,
  paint: Paint,
  scope: ModalScope,
): Promise<number> {
  const { imaging, constants } = photoshop;
  const { document, layer } = findSource(photoshop, plan.source);
  const now = currentBounds(layer, plan.source);
  const { left, top } = plan.source.bounds;
  const bounds = shifted(plan.region.bounds, now.left - left, now.top - top);
  const replaced = plan.replaces === null ? null : findLayer(document.layers, plan.replaces);

  const target = await document.createPixelLayer({ name: plan.name });
  if (target === null) {
    throw new PluginError('HOST_FAILED', {
      message: 'Photoshop made no new layer.',
      hint: 'Check that the document can take another layer, then try again.',
    });
  }
  const below = replaced ?? findLayer(document.layers, plan.source.anchorId) ?? layer;
  target.move(below, constants.ElementPlacement.PLACEBEFORE);
  // Clipped like its source, or the result would show where the source does not.
  if (layer.isClippingMask) target.isClippingMask = true;

  const maskedBy = await maskSource(photoshop, document, layer, replaced);
  const selected = document.selection?.bounds ?? null;
  // A result that takes another's place keeps that one's mask; the selection may be long gone.
  const selection = replaced === null && selected !== null ? boundsOf(selected) : null;
  if (replaced === null && selection === null && plan.region.selection !== 'none') {
    throw selectionGone(plan.source);
  }
  const isKept = plan.region.selection === 'keep';
  const area = selection === null || isKept ? bounds : intersection(bounds, selection);
  if (area === null) throw selectionMoved(plan.source);
  await paint(
    layerCanvas(
      imaging,
      {
        documentId: document.id,
        sourceId: layer.id,
        targetId: target.id,
        bounds,
        area: shifted(area, -bounds.left, -bounds.top),
        profile: documentProfile(document.colorProfileName),
        masks: {
          selection: selection === null ? null : isKept ? 'outside' : 'inside',
          layerId: maskedBy,
        },
      },
      scope,
      plan.name,
    ),
  );
  throwIfCancelled(scope.signal);
  replaced?.delete();
  return target.id;
}

function findSource(
  { app }: PhotoshopModule,
  source: EditableLayer,
): { document: Document; layer: Layer } {
  const document = Array.from(app.documents).find(({ id }) => id === source.documentId);
  const layer = document && findLayer(document.layers, source.layerId);
  if (document && layer) return { document, layer };
  throw new PluginError('SOURCE_GONE', {
    message: document
      ? `The layer “${source.name}” is no longer in “${source.documentName}”.`
      : `“${source.documentName}” is no longer open.`,
    hint: 'Open it again, or choose another layer and run the edit again.',
    retryable: false,
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

function selectionGone(source: EditableLayer): PluginError {
  return new PluginError('SOURCE_CHANGED', {
    message: `The edit of “${source.name}” was made for a selection, and nothing is selected now.`,
    hint: 'Choose Select › Reselect and apply again, or run the edit again.',
  });
}

async function maskSource(
  photoshop: PhotoshopModule,
  document: Document,
  layer: Layer,
  replaced: Layer | null,
): Promise<number | null> {
  const owner = replaced ?? layer;
  const answers: readonly object[] = await photoshop.action.batchPlay(
    [
      {
        _obj: 'get',
        _target: [
          { _property: 'hasUserMask' },
          { _ref: 'layer', _id: owner.id },
          { _ref: 'document', _id: document.id },
        ],
      },
    ],
    {},
  );
  // batchPlay resolves with an error descriptor; a layer that cannot answer has no mask.
  const [answer] = answers;
  const hasMask = answer !== undefined && 'hasUserMask' in answer && answer.hasUserMask === true;
  return hasMask ? owner.id : null;
}
