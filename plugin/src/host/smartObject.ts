import type { Document } from 'photoshop/dom/Document';
import type { Layer } from 'photoshop/dom/Layer';
import { PluginError } from '../errors.ts';
import type { PhotoshopModule } from './photoshopModule.ts';
import { playOn, selectLayer } from './playOn.ts';

/**
 * Layer › Smart Objects › Convert to Smart Object. It is another layer then, with another id.
 * @throws PluginError HOST_FAILED
 */
export async function asSmartObject(
  photoshop: PhotoshopModule,
  document: Document,
  layer: Layer,
): Promise<Layer> {
  const { isClippingMask, name } = layer;
  await selectLayer(photoshop, document.id, layer.id);
  await playOn(photoshop, { _obj: 'newPlacedLayer' });
  const made = document.activeLayers[0];
  if (made?.kind !== photoshop.constants.LayerKind.SMARTOBJECT) {
    throw new PluginError('HOST_FAILED', {
      message: 'Photoshop made no smart object of the result.',
      hint: 'Choose “One layer” as the result under Advanced, then apply again.',
    });
  }
  if (made.name !== name) made.name = name;
  if (isClippingMask && !made.isClippingMask) made.isClippingMask = true;
  return made;
}
