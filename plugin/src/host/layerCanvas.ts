import type { Bounds, PixelBuffer } from '@emoeditor/shared';
import { PluginError, throwIfCancelled } from '../errors.ts';
import type { DocumentProfile } from './documentProfile.ts';
import type { LayerCanvas, Tile } from './hostPort.ts';
import { type ImagePixels, rangeOf, takePixels } from './imagePixels.ts';
import type { LayerMask } from './layerMasks.ts';
import { type MaskPart, maskTile } from './maskTile.ts';
import type { ModalScope } from './modal.ts';
import type { PhotoshopModule } from './photoshopModule.ts';
import { edgesOf, shifted } from './rectangle.ts';

type Imaging = PhotoshopModule['imaging'];

/** Where tiles are read from and written to. */
export interface CanvasPlace {
  readonly documentId: number;
  readonly sourceId: number;
  readonly targetId: number;
  /** The region, where the source is now, in document pixels. */
  readonly bounds: Bounds;
  /** What to paint, counted from the corner of `bounds`. */
  readonly area: Bounds;
  readonly profile: DocumentProfile;
  readonly masks: MaskSources;
}

/** Where the new layer's mask comes from; it gets none when there is none of them. */
export interface MaskSources {
  /** Shows what is selected, or all but that. */
  readonly selection: 'inside' | 'outside' | null;
  /** Masks that are taken over. */
  readonly layers: readonly LayerMask[];
}

/** Tiles straight out of one layer into another, in the document's own space and depth. */
export function layerCanvas(
  imaging: Imaging,
  place: CanvasPlace,
  scope: ModalScope,
  progressText: string,
): LayerCanvas {
  const { documentId, bounds, profile, masks } = place;
  const { left, top } = bounds;
  const mask = maskWriter(imaging, place);
  return {
    extent: { width: bounds.width, height: bounds.height },
    area: place.area,
    signal: scope.signal,
    report: (fraction) => scope.report(fraction, progressText),

    async readTile(wanted) {
      throwIfCancelled(scope.signal);
      const image = await takePixels(
        imaging.getPixels({
          documentID: documentId,
          layerID: place.sourceId,
          sourceBounds: edgesOf(shifted(wanted, left, top)),
          colorSpace: 'RGB',
          ...(profile.named === null ? {} : { colorProfile: profile.named }),
        }),
      );
      return tileOf(image, profile.samples, left, top);
    },

    async writeTile({ bounds: tile, pixels }) {
      throwIfCancelled(scope.signal);
      const target = shifted(tile, left, top);
      const imageData = await imaging.createImageDataFromBuffer(pixels.data, {
        width: pixels.format.width,
        height: pixels.format.height,
        components: pixels.format.channels,
        chunky: true,
        colorSpace: 'RGB',
        // An empty name means the document's own numbers.
        colorProfile: profile.named ?? '',
        fullRange: false,
      });
      try {
        await imaging.putPixels({
          documentID: documentId,
          layerID: place.targetId,
          imageData,
          // `true` would discard the tiles written before.
          replace: false,
          targetBounds: edgesOf(target),
        });
      } finally {
        await imageData.dispose();
      }
      if (masks.selection !== null || masks.layers.length > 0) await mask(target);
    },
  };
}

function tileOf(image: ImagePixels, profile: string, left: number, top: number): Tile | null {
  const { bounds, width, height, components, data } = image;
  if (bounds === null || width === 0 || height === 0) return null;
  if (components !== 3 && components !== 4) {
    throw new PluginError('HOST_FAILED', {
      message: `Expected RGB or RGBA pixels from Photoshop but received ${components} components.`,
      hint: 'Convert a copy of the document with Image › Mode › RGB Color.',
    });
  }
  const pixels: PixelBuffer = {
    format: {
      width,
      height,
      channels: components,
      sample:
        data instanceof Uint8Array ? 'uint8' : data instanceof Uint16Array ? 'uint16' : 'float32',
      range: rangeOf(data),
      profile,
    },
    data,
  };
  return { bounds: { ...shifted(bounds, -left, -top), width, height }, pixels };
}

/** Writes the new layer's mask under each tile: the selection times the mask that is taken over. */
function maskWriter(imaging: Imaging, place: CanvasPlace): (bounds: Bounds) => Promise<void> {
  let isFirst = true;
  const { documentId, masks } = place;
  return async (bounds) => {
    const sourceBounds = edgesOf(bounds);
    const parts: MaskPart[] = [];
    if (masks.selection !== null) {
      parts.push({
        pixels: await takePixels(imaging.getSelection({ documentID: documentId, sourceBounds })),
        isInverted: masks.selection === 'outside',
      });
    }
    for (const { layerId, kind } of masks.layers) {
      const asked = imaging.getLayerMask({
        documentID: documentId,
        layerID: layerId,
        kind,
        sourceBounds,
      });
      parts.push({ pixels: await takePixels(asked), isInverted: false });
    }
    const imageData = await imaging.createImageDataFromBuffer(maskTile(bounds, parts), {
      width: bounds.width,
      height: bounds.height,
      components: 1,
      chunky: true,
      colorSpace: 'Grayscale',
      colorProfile: 'Gray Gamma 2.2',
    });
    try {
      await imaging.putLayerMask({
        documentID: documentId,
        layerID: place.targetId,
        kind: 'user',
        imageData,
        replace: isFirst,
        targetBounds: edgesOf(bounds),
      });
      isFirst = false;
    } finally {
      await imageData.dispose();
    }
  };
}
