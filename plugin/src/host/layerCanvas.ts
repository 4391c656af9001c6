import { type Bounds, type Extent, fittedExtent, type PixelBuffer } from '@emoeditor/shared';
import type { CancelSignal } from '../cancellation.ts';
import { PluginError, throwIfCancelled } from '../errors.ts';
import type { DocumentProfile } from './documentProfile.ts';
import type { LayerCanvas, Tile } from './hostPort.ts';
import { type ImagePixels, rangeOf, takePixels } from './imagePixels.ts';
import type { LayerMask } from './layerMasks.ts';
import { beyondOf, type MaskPart, maskTile } from './maskTile.ts';
import type { ModalScope } from './modal.ts';
import type { PhotoshopModule } from './photoshopModule.ts';
import type { PixelSource } from './pixelSource.ts';
import { boundsOf, edgesOf, intersection, shifted } from './rectangle.ts';
import type { ReadSelection } from './selectionReader.ts';

type Imaging = PhotoshopModule['imaging'];

/** Where tiles are read from and written to. */
export interface CanvasPlace {
  readonly source: PixelSource;
  readonly targetId: number;
  /** The region, where the source is now, in document pixels. */
  readonly bounds: Bounds;
  /** What to paint, counted from the corner of `bounds`. */
  readonly area: Bounds;
  readonly depth: 8 | 16;
  readonly profile: DocumentProfile;
  readonly masks: MaskSources;
  /**
   * What the new layer's transparency is: the source's `own`; `solid` wherever the source shows anything, for a layer
   * that is held to the source's shape, whose soft edges would be applied twice; or there alone where the source is
   * opaque (`opaqueOnly`), because half-transparent pixels over themselves become more opaque.
   */
  readonly alpha: 'own' | 'solid' | 'opaqueOnly';
  /** Masks are written by `writeMasks` alone, not under each tile. */
  readonly isMaskedLater?: boolean;
  /** Called when a pixel of the source is not opaque. */
  readonly onTransparent: () => void;
}

/** Where the new layer's mask comes from; it gets none when there is none of them. */
export interface MaskSources {
  /** Shows what is selected, or all but that. */
  readonly selection: 'inside' | 'outside' | null;
  /** Reads the selection as the user wants it softened. */
  readonly readSelection: ReadSelection;
  /** Masks that are taken over. */
  readonly layers: readonly LayerMask[];
}

interface MaskedCanvas extends LayerCanvas {
  /** Masks another layer under all tiles that were written. */
  writeMasks(layerId: number): Promise<void>;
}

/** Tiles straight out of one layer into another, in the document's own space and depth. */
export function layerCanvas(
  imaging: Imaging,
  place: CanvasPlace,
  scope: ModalScope,
  progressText: string,
): MaskedCanvas {
  const { bounds, profile, masks } = place;
  const { documentID } = place.source;
  const { left, top } = bounds;
  const isMasked = masks.selection !== null || masks.layers.length > 0;
  const mask = maskWriter(imaging, place);
  const written: Bounds[] = [];
  const read = tileReader(imaging, place, scope.signal);
  return {
    extent: { width: bounds.width, height: bounds.height },
    area: place.area,
    signal: scope.signal,
    report: (fraction) => scope.report(fraction, progressText),

    async readTile(wanted) {
      throwIfCancelled(scope.signal);
      const tile = await read(wanted);
      if (tile === null || !isOpaque(tile, wanted)) place.onTransparent();
      return tile;
    },

    async writeTile({ bounds: tile, pixels }) {
      throwIfCancelled(scope.signal);
      const target = shifted(tile, left, top);
      if (place.alpha !== 'own') changeAlpha(pixels, place.alpha);
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
          documentID,
          layerID: place.targetId,
          imageData,
          // `true` would discard the tiles written before.
          replace: false,
          targetBounds: edgesOf(target),
        });
      } finally {
        await imageData.dispose();
      }
      if (place.isMaskedLater) written.push(target);
      else if (isMasked) await mask(target, place.targetId);
    },

    async writeMasks(layerId) {
      if (!isMasked) return;
      for (const target of written) await mask(target, layerId);
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

/** Reads tiles of the source; null where there is nothing of it, which Photoshop may also answer with an error. */
function tileReader(imaging: Imaging, place: CanvasPlace, signal: CancelSignal) {
  const { source, bounds, profile } = place;
  const { left, top } = bounds;
  const pixelsIn = (area: Bounds, targetSize?: Extent) =>
    takePixels(
      imaging.getPixels({
        ...source,
        sourceBounds: edgesOf(area),
        colorSpace: 'RGB',
        ...(targetSize === undefined ? {} : { targetSize: { ...targetSize } }),
        ...(profile.named === null ? {} : { colorProfile: profile.named }),
      }),
    );
  return async (wanted: Bounds): Promise<Tile | null> => {
    const area = shifted(wanted, left, top);
    let image: ImagePixels;
    try {
      image = await pixelsIn(area);
    } catch (error) {
      throwIfCancelled(signal);
      // Photoshop also fails where the layer is empty: read the whole layer at a small size to tell the two apart.
      const size = fittedExtent(bounds, LOOKED_AT);
      if (showsIn(await pixelsIn(bounds, size), area)) throw error;
      return null;
    }
    return tileOf(image, profile.samples, left, top);
  };
}

/** Size at which a layer is read to find out where it is empty. */
const LOOKED_AT: Extent = { width: 512, height: 512 };

/** True when any sample that touches the area is not fully transparent. */
function showsIn({ bounds, width, height, components, data }: ImagePixels, area: Bounds): boolean {
  if (bounds === null || components !== 4) return bounds !== null;
  const [wide, high] = [bounds.width / width, bounds.height / height];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (data[(y * width + x) * 4 + 3] === 0) continue;
      const place = {
        left: bounds.left + x * wide,
        top: bounds.top + y * high,
        right: bounds.left + (x + 1) * wide,
        bottom: bounds.top + (y + 1) * high,
      };
      const seen = boundsOf(place);
      if (seen !== null && intersection(seen, area) !== null) return true;
    }
  }
  return false;
}

function isOpaque({ bounds, pixels }: Tile, wanted: Bounds): boolean {
  if (bounds.width !== wanted.width || bounds.height !== wanted.height) return false;
  const { format, data } = pixels;
  if (format.channels !== 4) return true;
  for (let at = 3; at < data.length; at += 4) if (data[at] !== format.range) return false;
  return true;
}

function changeAlpha({ format, data }: PixelBuffer, to: 'solid' | 'opaqueOnly'): void {
  const { channels, range } = format;
  if (channels !== 4) return;
  for (let at = 3; at < data.length; at += 4) {
    const isThere = to === 'solid' ? data[at] !== 0 : data[at] === range;
    data[at] = isThere ? range : 0;
  }
}

/** Writes the new layer's mask under each tile: the selection times the mask that is taken over. */
function maskWriter(
  imaging: Imaging,
  place: CanvasPlace,
): (bounds: Bounds, layerId: number) => Promise<void> {
  let isFirst = true;
  const { masks } = place;
  const { documentID } = place.source;
  const beyond = new Map<LayerMask, number>();
  return async (bounds, layerId) => {
    const sourceBounds = edgesOf(bounds);
    const parts: MaskPart[] = [];
    if (masks.selection !== null) {
      parts.push({
        pixels: await masks.readSelection(bounds),
        isInverted: masks.selection === 'outside',
        beyond: 0,
      });
    }
    for (const mask of masks.layers) {
      const whole = { documentID, layerID: mask.layerId, kind: mask.kind };
      if (!beyond.has(mask)) {
        beyond.set(mask, beyondOf(await takePixels(imaging.getLayerMask(whole))));
      }
      const pixels = await takePixels(imaging.getLayerMask({ ...whole, sourceBounds }));
      parts.push({ pixels, isInverted: false, beyond: beyond.get(mask) ?? 1 });
    }
    const imageData = await imaging.createImageDataFromBuffer(
      maskTile(bounds, parts, place.depth),
      {
        width: bounds.width,
        height: bounds.height,
        components: 1,
        chunky: true,
        colorSpace: 'Grayscale',
        colorProfile: 'Gray Gamma 2.2',
      },
    );
    try {
      await imaging.putLayerMask({
        documentID,
        layerID: layerId,
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
