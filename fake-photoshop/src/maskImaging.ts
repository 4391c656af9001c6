import type { LayerContent } from './content.ts';
import { type Edges, EMPTY, heightOf, intersect, isEmpty, union, widthOf } from './edges.ts';
import { ImageData } from './imageData.ts';
import {
  edgesOfRegion,
  type GetOptions,
  type ImagingHost,
  layerOf,
  type PutOptions,
} from './imagingHost.ts';
import { PhotoshopError } from './photoshopError.ts';
import { type Depth, newSamples, Raster, rangeOf } from './raster.ts';

/**
 * Masks and selections: one gray component in the depth of the document, trimmed to what differs from what they have
 * beyond (imaging.md, "getLayerMask", "getSelection"; the depth as sd-ppp reads it).
 */
export function maskImagingOf({ documentOf, modal, ledger }: ImagingHost) {
  const imageOf = (found: Raster, depth: Depth, wanted: GetOptions['sourceBounds']) => {
    const raster = inDepth(found, depth);
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
      const { content, facts } = documentOf(documentID);
      if (content.selection === null) throw new PhotoshopError('There is no selection.');
      return imageOf(content.selection, facts.depth, sourceBounds);
    },

    async getLayerMask({
      documentID,
      layerID,
      sourceBounds,
      kind = 'user',
    }: GetOptions & { kind?: 'user' | 'vector' }) {
      modal.assertModal('getLayerMask');
      const document = documentOf(documentID);
      const layer = layerOf(document, layerID);
      const mask = kind === 'vector' ? layer.vectorMask : layer.mask;
      if (mask === null) throw new PhotoshopError(`“${layer.name}” has no ${kind} mask.`);
      return imageOf(mask, document.facts.depth, sourceBounds);
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
        if (imageData.componentSize !== document.facts.depth) {
          throw new PhotoshopError(
            `A mask has ${document.facts.depth} bit here, not ${imageData.componentSize}.`,
          );
        }
        const { mask, id } = layerOf(document, options.layerID) satisfies LayerContent;
        const { depth } = document.facts;
        const before =
          (options.replace ?? true) || mask === null ? new Raster(depth, 1) : inDepth(mask, depth);
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

/** The part in which a mask differs from its value outside its bounds: black, or white for one that reveals all. */
function covered(raster: Raster, wanted: Edges): Edges {
  if (raster.blank === 0) return intersect(wanted, raster.bounds);
  const [width, height] = [widthOf(wanted), heightOf(wanted)];
  const samples = raster.read(wanted);
  let found: Edges = EMPTY;
  for (let at = 0; at < samples.length; at++) {
    if (samples[at] === raster.blank) continue;
    const [x, y] = [wanted.left + (at % width), wanted.top + Math.floor(at / width)];
    const pixel = { left: x, top: y, right: x + 1, bottom: y + 1 };
    found = isEmpty(found) ? pixel : union(found, pixel);
  }
  return height === 0 ? EMPTY : found;
}

function inDepth(raster: Raster, depth: Depth): Raster {
  if (raster.depth === depth) return raster;
  const scale = rangeOf(depth) / rangeOf(raster.depth);
  const area = raster.bounds;
  const samples = raster.read(area);
  const data = newSamples(depth, samples.length).map((_, i) =>
    Math.round((samples[i] as number) * scale),
  );
  return new Raster(depth, 1, { blank: Math.round(raster.blank * scale) }).write(area, data);
}
