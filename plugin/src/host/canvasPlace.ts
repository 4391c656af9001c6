import type { Document } from 'photoshop/dom/Document';
import type { Layer } from 'photoshop/dom/Layer';
import { PluginError } from '../errors.ts';
import { documentProfile } from './documentProfile.ts';
import type { EditableLayer, NewLayer } from './hostPort.ts';
import type { CanvasPlace } from './layerCanvas.ts';
import { type LayerMask, masksOf } from './layerMasks.ts';
import type { PhotoshopModule } from './photoshopModule.ts';
import type { PixelSource } from './pixelSource.ts';
import type { Placement } from './placement.ts';
import { boundsOf, grown, intersection, isWithin, shifted } from './rectangle.ts';
import { selectionReader, softeningOf } from './selectionReader.ts';

export interface Found {
  readonly document: Document;
  /** Null where what is visible is edited. */
  readonly layer: Layer | null;
  readonly replaced: Layer | null;
  readonly from: PixelSource;
  readonly targetId: number;
  readonly hold: Placement['hold'];
}

/** Where to read, where to paint, and what masks it. */
export async function canvasPlace(
  photoshop: PhotoshopModule,
  { source, region }: NewLayer,
  { document, layer, replaced, from, targetId, hold }: Found,
  onTransparent: () => void,
): Promise<CanvasPlace> {
  const now = currentBounds(document, layer, source);
  const { left, top } = source.bounds;
  const bounds = shifted(region.bounds, now.left - left, now.top - top);
  const selected = document.selection?.bounds ?? null;
  // A result that takes another's place keeps that one's mask; the selection may be long gone.
  const selection = replaced === null && selected !== null ? boundsOf(selected) : null;
  if (replaced === null && selection === null && region.selection !== 'none') {
    throw selectionGone(source);
  }
  const isKept = region.selection === 'keep';
  // Where the selection shows anything once its edge is softened.
  const edited = selection === null || isKept ? null : grown(selection, region.feather ?? 0);
  const area = edited === null ? bounds : intersection(bounds, edited);
  if (area === null) throw selectionMoved(source);
  const needed = edited === null ? null : intersection(now, edited);
  if (needed !== null && !isWithin(needed, bounds)) throw selectionGrew(source);
  if (selection !== null && hold === 'standIn') throw cannotSelect(source);
  return {
    source: from,
    targetId,
    bounds,
    area: shifted(area, -bounds.left, -bounds.top),
    depth: document.bitsPerChannel === 'bitDepth16' ? 16 : 8,
    profile: documentProfile(document.colorProfileName),
    masks: {
      selection: selection === null ? null : isKept ? 'outside' : 'inside',
      readSelection: selectionReader(photoshop, document.id, softeningOf(region)),
      layers: await masksToTakeOver(photoshop, document, layer, replaced, hold),
    },
    alpha: layer === null ? 'opaqueOnly' : hold === 'clip' || hold === 'clipSoft' ? 'solid' : 'own',
    onTransparent,
  };
}

/** The mask of what is replaced; otherwise the source's own, where nothing else holds the result to it. */
async function masksToTakeOver(
  photoshop: PhotoshopModule,
  document: Document,
  source: Layer | null,
  replaced: Layer | null,
  hold: Placement['hold'],
): Promise<LayerMask[]> {
  // A layer in its source's place has that one's masks.
  if (hold === 'standIn') return [];
  if (replaced === null) {
    const holds = source === null || hold === 'clip' || hold === 'clipSoft';
    return holds ? [] : masksOf(photoshop, document.id, source.id, false);
  }
  // Of a group of ours, the grade has the mask; it is the lowest.
  const parts = Array.from(replaced.layers ?? []);
  const owner = parts[parts.length - 1] ?? replaced;
  return masksOf(photoshop, document.id, owner.id, true);
}

/** A layer that was moved is edited where it is now; one whose size changed no longer fits the edit. */
function currentBounds(document: Document, layer: Layer | null, source: EditableLayer) {
  const canvas = { left: 0, top: 0, width: document.width, height: document.height };
  const bounds = layer === null ? canvas : boundsOf(layer.boundsNoEffects);
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

/** In its source's place a result has no mask of its own to keep it within a selection. */
export function cannotSelect({ name }: EditableLayer): PluginError {
  return new PluginError('HOST_FAILED', {
    message: `“${name}” is clipped to the layer below it, or blends one by one what is clipped to it, and has transparency or a look of its own: its result takes its place, and a part of it cannot be edited alone.`,
    hint: 'Deselect and run the edit again, or release the clipping mask first.',
  });
}
