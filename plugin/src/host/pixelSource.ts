import type { Document } from 'photoshop/dom/Document';
import type { Layer } from 'photoshop/dom/Layer';
import { PluginError } from '../errors.ts';
import type { PhotoshopModule } from './photoshopModule.ts';
import { playOn, selectLayer } from './playOn.ts';

/** What pixels are asked of: a layer, or without one all that the document shows (imaging.md, `layerID`). */
export interface PixelSource {
  readonly documentID: number;
  readonly layerID?: number;
}

/** True for a layer whose pixels are its own. */
export const hasOwnPixels = ({ kind, isBackgroundLayer }: Layer): boolean =>
  kind === 'pixel' || isBackgroundLayer;

/**
 * Gives what the pixels of a layer can be read from. A smart object, a group, text or a shape is drawn by Photoshop: they
 * are read from a rasterised duplicate, which is deleted when `work` is done. Call it where what happens is rolled back,
 * or becomes part of one history step.
 * @param layer null for what is visible
 */
export async function withPixelSource<T>(
  photoshop: PhotoshopModule,
  document: Document,
  layer: Layer | null,
  work: (source: PixelSource) => Promise<T>,
): Promise<T> {
  const documentID = document.id;
  if (layer === null) return work({ documentID });
  if (hasOwnPixels(layer)) return work({ documentID, layerID: layer.id });
  const active = Array.from(document.activeLayers).map(({ id }) => id);
  const copy = await rasterisedCopy(photoshop, document, layer);
  const result = await work({ documentID, layerID: copy.id });
  // After an exception all of it is rolled back, and Photoshop may take no command any more.
  copy.delete();
  if (active[0] !== undefined) await selectLayer(photoshop, documentID, active[0]);
  return result;
}

/** A duplicate of a layer with what is seen of it as its pixels; its masks, opacity and style stay its own. */
export async function rasterisedCopy(
  photoshop: PhotoshopModule,
  document: Document,
  layer: Layer,
): Promise<Layer> {
  const copy = await layer.duplicate();
  if (copy === null) {
    throw new PluginError('HOST_FAILED', {
      message: `Photoshop made no duplicate of “${layer.name}”, which it takes to read it.`,
      hint: 'Check that the document can take another layer, then try again.',
    });
  }
  if (hasOwnPixels(copy)) return copy;
  if (copy.kind !== photoshop.constants.LayerKind.GROUP) {
    await copy.rasterize(photoshop.constants.RasterizeType.ENTIRELAYER);
    return copy;
  }
  await selectLayer(photoshop, document.id, copy.id);
  await playOn(photoshop, { _obj: 'mergeLayersNew' });
  return document.activeLayers[0] as Layer;
}
