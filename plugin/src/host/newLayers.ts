import type { Document } from 'photoshop/dom/Document';
import type { Layer } from 'photoshop/dom/Layer';
import { PluginError } from '../errors.ts';

/** With a number where a layer of that name is there already, as Photoshop numbers its own. */
export function freeName(document: Document, name: string, replaced: Layer | null): string {
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

/** Name of a layer that is clipped to the same source as its grade, the result of that name. */
export const partName = (result: string, part: string): string => `${result} · ${part}`;

/** @throws PluginError HOST_FAILED */
export async function newLayer(document: Document, name: string): Promise<Layer> {
  const made = await document.createPixelLayer({ name });
  if (made === null) throw noNewLayer();
  return made;
}

/** @throws PluginError HOST_FAILED */
export async function grouped(
  document: Document,
  name: string,
  fromLayers: Layer[],
): Promise<Layer> {
  const group = await document.createLayerGroup({ name, fromLayers });
  if (group === null) throw noNewLayer();
  return group;
}

/** All layers of a result from the top down: itself, and what is clipped to the same source above it. */
export function layersOfResult(document: Document, result: Layer): [Layer, ...Layer[]] {
  const siblings = Array.from(result.parent?.layers ?? document.layers);
  const found: [Layer, ...Layer[]] = [result];
  for (let at = siblings.findIndex(({ id }) => id === result.id) - 1; at >= 0; at -= 1) {
    const above = siblings[at];
    const isPart = above?.isClippingMask && above.name.startsWith(partName(result.name, ''));
    if (above === undefined || !isPart) break;
    found.unshift(above);
  }
  return found;
}

function noNewLayer(): PluginError {
  return new PluginError('HOST_FAILED', {
    message: 'Photoshop made no new layer.',
    hint: 'Check that the document can take another layer, then try again.',
  });
}
