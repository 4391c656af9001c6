import type { Layer, Psd } from './agPsd.ts';
import { ImageError } from './imageError.ts';

/** A layer and the list it stands in, bottom first. */
export interface LayerPlace {
  readonly layer: Layer;
  readonly siblings: Layer[];
}

export function* layerPlaces(siblings: Layer[]): Generator<LayerPlace> {
  for (const layer of siblings) {
    yield { layer, siblings };
    if (layer.children) yield* layerPlaces(layer.children);
  }
}

/** True for a layer whose pixels are its own: no group, text, shape, smart object or adjustment. */
export function isPixelLayer(layer: Layer): boolean {
  const drawn = layer.text ?? layer.placedLayer ?? layer.vectorFill ?? layer.adjustment;
  const empty = (layer.right ?? 0) <= (layer.left ?? 0) || (layer.bottom ?? 0) <= (layer.top ?? 0);
  return layer.children === undefined && drawn === undefined && !empty;
}

/**
 * The layer of that name, or else the topmost visible pixel layer.
 * @throws ImageError LAYER_NOT_FOUND, LAYER_NOT_PIXELS
 */
export function chooseLayer(psd: Psd, wanted: string | null, file: string): LayerPlace {
  const places = [...layerPlaces(psd.children ?? [])].reverse();
  if (wanted !== null) {
    const place = places.find(({ layer }) => layer.name === wanted);
    if (place === undefined) {
      const names = places.map(({ layer }) => `“${layer.name ?? ''}”`).join(', ');
      throw new ImageError(
        'LAYER_NOT_FOUND',
        `${file} has no layer named “${wanted}”; its layers are ${names || 'none'}.`,
        'Give the name of one of these layers.',
      );
    }
    if (isPixelLayer(place.layer)) return place;
    throw new ImageError(
      'LAYER_NOT_PIXELS',
      `The layer “${wanted}” of ${file} has no pixels of its own: it is a group, text, shape, smart object, adjustment or empty.`,
      'Choose a pixel layer, or rasterise this one in Photoshop first.',
    );
  }
  const place = places.find(({ layer }) => isPixelLayer(layer) && layer.hidden !== true);
  if (place === undefined) {
    throw new ImageError(
      'LAYER_NOT_PIXELS',
      `${file} has no visible pixel layer.`,
      'Show a pixel layer in Photoshop, or flatten the document, and save again.',
    );
  }
  return place;
}

/** True when the layer shows as its pixels over what lies below: then the flattened preview can be redrawn. */
export function isPlain(layer: Layer): boolean {
  const looks = layer.effects ?? layer.mask ?? layer.vectorMask ?? layer.children;
  const normal = layer.blendMode === undefined || layer.blendMode === 'normal';
  return normal && looks === undefined && layer.clipping !== true;
}
