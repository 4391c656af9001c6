import type { Layer } from 'photoshop/dom/Layer';

/** Ids are unique in a document but layers lie in groups. */
export function findLayer(layers: Iterable<Layer>, id: number): Layer | null {
  for (const layer of layers) {
    if (layer.id === id) return layer;
    const inside = layer.layers ? findLayer(layer.layers, id) : null;
    if (inside !== null) return inside;
  }
  return null;
}
