import { PluginError, throwIfCancelled } from '../errors.ts';
import { findSource } from './addLayer.ts';
import { captureProxy } from './captureProxy.ts';
import type { EditableLayer, HostPort } from './hostPort.ts';
import type { EnterModal, ModalScope } from './modal.ts';
import type { PhotoshopModule } from './photoshopModule.ts';
import type { Pictures } from './pictures.ts';
import { type PixelSource, withPixelSource } from './pixelSource.ts';

/**
 * Reads layers at working size: outside a modal scope where Photoshop permits it, so that a click on a layer does not
 * lock it. Whether it does is not documented (others report that it does not), so it is asked once.
 */
export function proxyReader(
  photoshop: PhotoshopModule,
  pictures: Pictures,
  enterModal: EnterModal,
): HostPort['captureProxy'] {
  let mayReadFreely = true;
  const read: HostPort['captureProxy'] = async (layer, region, extent, signal) => {
    throwIfCancelled(signal);
    if (layer.kind === 'pixels' && region.selection === 'none' && mayReadFreely) {
      const from = { documentID: layer.documentId, layerID: layer.layerId };
      try {
        return await captureProxy(photoshop, pictures, from, layer, region, extent);
      } catch (error) {
        if (error instanceof PluginError) throw error;
        // Whatever else may be wrong is found again below.
        mayReadFreely = false;
      }
    }
    return enterModal(
      'Read layer',
      (scope) =>
        withSource(photoshop, layer, scope, (from) =>
          captureProxy(photoshop, pictures, from, layer, region, extent),
        ),
      signal,
    );
  };
  // One after another: a reading that nobody asked for must not make Photoshop busy for an edit.
  let last: Promise<unknown> = Promise.resolve();
  return (...given) => {
    const mine = last.then(() => read(...given));
    last = mine.catch(() => {});
    return mine;
  };
}

/** What a layer's pixels are read from; a duplicate that it takes leaves no trace. */
function withSource<T>(
  photoshop: PhotoshopModule,
  layer: EditableLayer,
  scope: ModalScope,
  work: (from: PixelSource) => Promise<T>,
): Promise<T> {
  const { kind, documentId, layerId } = layer;
  if (kind === 'pixels') return work({ documentID: documentId, layerID: layerId });
  const source = findSource(photoshop, layer);
  return scope.withoutTrace(documentId, 'Read layer', () =>
    withPixelSource(photoshop, source.document, source.layer, work),
  );
}
