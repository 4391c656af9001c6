import type { Bounds } from '@emoeditor/shared';
import { type EditableLayer, type EditRegion, MIN_SIDE } from '../host/hostPort.ts';
import type { Choices } from './panelState.ts';

/** A region with more than this share of the layer gains nothing over the whole of it. */
const NEARLY_ALL = 0.7;

/** What the selection is for, and how it is softened and surrounded. */
export type SelectionChoices = Pick<Choices, 'selection' | 'feather' | 'padding'>;

/**
 * What an edit of the layer looks at. A selection is looked at with its surroundings and not with the whole layer, so
 * that the model's few pixels go to what it changes.
 */
export function editRegion(
  layer: EditableLayer,
  { selection: use, feather, padding: percent }: SelectionChoices,
): EditRegion {
  const { bounds, selection } = layer;
  if (selection === null) return wholeLayer(layer);
  if (use === 'keep') return { bounds, selection: 'keep', feather };
  const around = Math.round((percent / 100) * Math.max(selection.width, selection.height));
  const least = Math.ceil((MIN_SIDE - Math.min(selection.width, selection.height)) / 2);
  // All that fades is edited, too.
  const region = grownWithin(selection, Math.max(around, feather, least), bounds);
  const share = (region.width * region.height) / (bounds.width * bounds.height);
  return { bounds: share > NEARLY_ALL ? bounds : region, selection: 'edit', feather };
}

export function wholeLayer({ bounds }: EditableLayer): EditRegion {
  return { bounds, selection: 'none' };
}

/** Larger by so many pixels on each side, within `most`. */
function grownWithin({ left, top, width, height }: Bounds, by: number, most: Bounds): Bounds {
  const from = { x: Math.max(most.left, left - by), y: Math.max(most.top, top - by) };
  const to = {
    x: Math.min(most.left + most.width, left + width + by),
    y: Math.min(most.top + most.height, top + height + by),
  };
  return { left: from.x, top: from.y, width: to.x - from.x, height: to.y - from.y };
}
