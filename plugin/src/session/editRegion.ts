import type { Bounds } from '@emoeditor/shared';
import type { EditableLayer, EditRegion } from '../host/hostPort.ts';
import type { SelectionUse } from './panelState.ts';

/** Surroundings on each side of the selection, in longer sides of it: enough to know what the region is part of. */
const PADDING = 0.5;

/** A region with more than this share of the layer gains nothing over the whole of it. */
const NEARLY_ALL = 0.7;

/**
 * What an edit of the layer looks at. A selection is looked at with its surroundings and not with the whole layer, so
 * that the model's few pixels go to what it changes.
 */
export function editRegion(layer: EditableLayer, use: SelectionUse): EditRegion {
  const { bounds, selection } = layer;
  if (selection === null) return wholeLayer(layer);
  if (use === 'keep') return { bounds, selection: 'keep' };
  const padding = Math.round(PADDING * Math.max(selection.width, selection.height));
  const region = grown(selection, padding, bounds);
  const share = (region.width * region.height) / (bounds.width * bounds.height);
  return { bounds: share > NEARLY_ALL ? bounds : region, selection: 'edit' };
}

export function wholeLayer({ bounds }: EditableLayer): EditRegion {
  return { bounds, selection: 'none' };
}

/** Larger by so many pixels on each side, within `most`. */
function grown({ left, top, width, height }: Bounds, by: number, most: Bounds): Bounds {
  const from = { x: Math.max(most.left, left - by), y: Math.max(most.top, top - by) };
  const to = {
    x: Math.min(most.left + most.width, left + width + by),
    y: Math.min(most.top + most.height, top + height + by),
  };
  return { left: from.x, top: from.y, width: to.x - from.x, height: to.y - from.y };
}
