import {
  type Bounds,
  type Extent,
  fittedExtent,
  type PixelBuffer,
  SRGB_PROFILE,
} from '@emoeditor/shared';
import { PluginError } from '../errors.ts';
import { captureGrain } from './captureGrain.ts';
import { captureSelection } from './captureSelection.ts';
import type { EditableLayer, EditRegion, LayerProxy } from './hostPort.ts';
import { type ImagePixels, takePixels } from './imagePixels.ts';
import type { PhotoshopModule } from './photoshopModule.ts';
import type { Pictures } from './pictures.ts';
import type { PixelSource } from './pixelSource.ts';
import { proxyPixels } from './proxyPixels.ts';
import { edgesOf } from './rectangle.ts';
import { selectionReader, softeningOf } from './selectionReader.ts';

/** A region of the layer at working size, and the same in its own shape for the panel. Call it in a modal scope. */
export async function captureProxy(
  photoshop: PhotoshopModule,
  pictures: Pictures,
  source: PixelSource,
  layer: EditableLayer,
  region: EditRegion,
  extent: Extent,
): Promise<LayerProxy> {
  const { imaging } = photoshop;
  // Depth is left to Photoshop: asking for 8 bit in a 16-bit document fails after 25.5.
  const image = await takePixels(
    imaging.getPixels({
      ...source,
      sourceBounds: edgesOf(region.bounds),
      targetSize: { ...extent },
      colorSpace: 'RGB',
      colorProfile: SRGB_PROFILE,
    }),
  );
  const pixels = seen(image, layer, region.bounds, extent);
  // Working size is squeezed to multiples of what the model takes: up to some per cent, and a photographer sees it.
  const shape = fittedExtent(region.bounds, extent);
  const picture = await pictures.ofPixels(seen(image, layer, region.bounds, shape));
  const grain = await captureGrain(imaging, source, region.bounds);
  if (region.selection === 'none') return { pixels, picture, grain };
  const read = selectionReader(photoshop, layer.documentId, softeningOf(region));
  const shown = await captureSelection(read, region, extent);
  return { pixels: withRegion(pixels, shown), picture, grain };
}

/** What can be seen of the region, in that size. */
function seen(
  image: ImagePixels,
  layer: EditableLayer,
  region: Bounds,
  extent: Extent,
): PixelBuffer {
  const rgb = proxyPixels(image, region, extent);
  if (rgb === null) {
    throw new PluginError('LAYER_EMPTY', {
      message: `“${layer.name}” is fully transparent, so there is nothing to edit.`,
      hint: 'Choose a layer that has something on it.',
      retryable: false,
    });
  }
  return {
    format: { ...extent, channels: 3, sample: 'uint8', range: 255, profile: SRGB_PROFILE },
    data: rgb,
  };
}

/** The region as a fourth channel, as the protocol wants it (JB11). */
function withRegion({ format, data }: PixelBuffer, region: Uint8Array): PixelBuffer {
  const rgba = new Uint8Array(region.length * 4);
  for (let i = 0; i < region.length; i += 1) {
    for (let k = 0; k < 3; k += 1) rgba[i * 4 + k] = data[i * 3 + k] as number;
    rgba[i * 4 + 3] = region[i] as number;
  }
  return { format: { ...format, channels: 4 }, data: rgba };
}
