import { describeTarget, EMOTIONS } from '@emoeditor/shared';
import type { Document } from 'photoshop/dom/Document';
import type { Layer } from 'photoshop/dom/Layer';
import { layerLook } from './layerLook.ts';
import { masksOf } from './layerMasks.ts';
import type { PhotoshopModule } from './photoshopModule.ts';

/** Where a new result goes among the layers, and what has to hold it so that at intensity 0 nothing looks different. */
export interface Placement {
  /** The layer that it goes directly above. */
  readonly below: Layer;
  /**
   * `clip` holds it to its source's shape, mask, opacity and blending. `clipSoft` does so if any of the source turns out
   * to be transparent. Where a source cannot hold it, being clipped itself or blending one by one what is clipped to it,
   * `sibling` is held by what holds its source, and if any of the source turns out to be transparent takes its place;
   * `standIn` takes its place with the same look. What is replaced so is hidden.
   */
  readonly hold: 'clip' | 'clipSoft' | 'sibling' | 'standIn' | 'plain';
}

/** `Awe · 100 %`, with anything behind it. */
const RESULT_NAME = new RegExp(
  `^(${EMOTIONS.map((emotion) => describeTarget({ kind: 'emotion', emotion })).join('|')}) · \\d+ %`,
);

/** @param isResult tells of results of this session; those of earlier ones are known by their names */
export async function placementOf(
  photoshop: PhotoshopModule,
  document: Document,
  source: Layer | null,
  isResult: (id: number) => boolean,
): Promise<Placement> {
  // What is visible is covered from the top.
  if (source === null) return { below: document.layers[0] as Layer, hold: 'plain' };
  const below = topmostResult(document, source, isResult) ?? source;
  const look = await layerLook(photoshop, document.id, source.id);
  const isPlain =
    source.opacity === 100 &&
    source.fillOpacity === 100 &&
    source.blendMode === photoshop.constants.BlendMode.NORMAL &&
    look.isPlain &&
    (await masksOf(photoshop, document.id, source.id, false)).length === 0;
  if (source.isClippingMask) return { below, hold: isPlain ? 'sibling' : 'standIn' };
  // What is clipped to the source would be clipped to a plain result instead, and vanish with it.
  const isBase = carriesClipped(document, source);
  if (!look.blendsClippedAsGroup) {
    return { below, hold: isPlain && !isBase ? 'sibling' : 'standIn' };
  }
  if (isBase) return { below, hold: 'clip' };
  if (source.isBackgroundLayer) return { below, hold: 'plain' };
  return { below, hold: isPlain ? 'clipSoft' : 'clip' };
}

/** True when a layer is clipped to the source, be it an earlier result. */
function carriesClipped(document: Document, source: Layer): boolean {
  const siblings = Array.from(source.parent?.layers ?? document.layers);
  const at = siblings.findIndex(({ id }) => id === source.id);
  return siblings[at - 1]?.isClippingMask === true;
}

/** The highest of the results that lie directly above their source: below them a new one would not be seen. */
function topmostResult(
  document: Document,
  source: Layer,
  isResult: (id: number) => boolean,
): Layer | null {
  const siblings = Array.from(source.parent?.layers ?? document.layers);
  const at = siblings.findIndex(({ id }) => id === source.id);
  let found: Layer | null = null;
  for (const layer of siblings.slice(0, Math.max(0, at)).reverse()) {
    if (!isResult(layer.id) && !RESULT_NAME.test(layer.name)) break;
    found = layer;
  }
  return found;
}
