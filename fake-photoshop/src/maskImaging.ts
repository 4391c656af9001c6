import type { LayerContent } from './content.ts';
import { type Edges, heightOf, intersect, widthOf } from './edges.ts';
import { ImageData } from './imageData.ts';
import {
  edgesOfRegion,
  type GetOptions,
  type ImagingHost,
  layerOf,
  type PutOptions,
} from './imagingHost.ts';
import { PhotoshopError } from './photoshopError.ts';
import { Raster } from './raster.ts';

/** Masks and selections: one gray component of 8 bit (imaging.md, "getLayerMask", "getSelection"). */
export function maskImagingOf({ documentOf, modal, ledger }: ImagingHost) {
  const imageOf = (raster: Raster, wanted: GetOptions['sourceBounds']) => {
    const sourceBounds = covered(
      raster,
      wanted === undefined ? raster.bounds : edgesOfRegion(wanted),
    );
    const imageData = new ImageData(ledger, {
      data: raster.read(sourceBounds),
      width: widthOf(sourceBounds),
      height: heightOf(sourceBounds),
      components: 1,
      space: { name: 'Grayscale', profile: 'Gray Gamma 2.2' },
    });
    return { imageData, sourceBounds, level: 0 };
  };
  return {
    async getSelection({ documentID, sourceBounds }: GetOptions) {
      modal.assertModal('getSelection');
      const { selection } = documentOf(documentID).content;
      if (selection === null) throw new PhotoshopError('There is no selection.');
      return imageOf(selection, sourceBounds);
    },

    async getLayerMask({
      documentID,
      layerID,
      sourceBounds,
      kind = 'user',
    }: GetOptions & { kind?: 'user' | 'vector' }) {
      modal.assertModal('getLayerMask');
      const layer = layerOf(documentOf(documentID), layerID);
      const mask = kind === 'vector' ? layer.vectorMask : layer.mask;
      if (mask === null) throw new PhotoshopError(`“${layer.name}” has no ${kind} mask.`);
      return imageOf(mask, sourceBounds);
    },

    async putLayerMask({
      kind = 'user',
      ...options
    }: PutOptions & { kind?: string }): Promise<void> {
      const document = documentOf(options.documentID);
      modal.edit(document, 'Put Layer Mask', 'putLayerMask', () => {
        const { imageData, targetBounds: { left, top } = { left: 0, top: 0 } } = options;
        if (kind !== 'user') throw new PhotoshopError('Only “user” masks can be put.');
        if (imageData.components !== 1 || imageData.colorSpace !== 'Grayscale') {
          throw new PhotoshopError('A mask is one gray component.');
        }
        const { mask, id } = layerOf(document, options.layerID) satisfies LayerContent;
        const before = (options.replace ?? true) || mask === null ? new Raster(8, 1) : mask;
        const place = {
          left,
          top,
          right: left + imageData.width,
          bottom: top + imageData.height,
        };
        const written = before.write(place, imageData.samples());
        document.changeLayer(id, (now) => ({ ...now, mask: written, isMaskEnabled: true }));
      });
    },
  };
}

/** A mask that reveals beyond what was painted on it covers whatever is asked for; other masks are trimmed. */
const covered = (raster: Raster, wanted: Edges): Edges =>
  raster.blank === 0 ? intersect(wanted, raster.bounds) : wanted;
