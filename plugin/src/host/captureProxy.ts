import { type Extent, type PixelBuffer, SRGB_PROFILE } from '@emoeditor/shared';
import { PluginError } from '../errors.ts';
import type { EditableLayer, LayerProxy } from './hostPort.ts';
import { takePixels } from './imagePixels.ts';
import type { PhotoshopModule } from './photoshopModule.ts';
import { proxyPixels } from './proxyPixels.ts';
import { edgesOf } from './rectangle.ts';

type Imaging = PhotoshopModule['imaging'];

/** The layer at working size, and the same as a picture for the panel. Call it in a modal scope. */
export async function captureProxy(
  imaging: Imaging,
  layer: EditableLayer,
  extent: Extent,
): Promise<LayerProxy> {
  // Depth is left to Photoshop: asking for 8 bit in a 16-bit document fails after 25.5.
  const image = await takePixels(
    imaging.getPixels({
      documentID: layer.documentId,
      layerID: layer.layerId,
      sourceBounds: edgesOf(layer.bounds),
      targetSize: { ...extent },
      colorSpace: 'RGB',
      colorProfile: SRGB_PROFILE,
    }),
  );
  const rgb = proxyPixels(image, layer.bounds, extent);
  if (rgb === null) {
    throw new PluginError('LAYER_EMPTY', {
      message: `“${layer.name}” is fully transparent, so there is nothing to edit.`,
      hint: 'Choose a layer that has something on it.',
      retryable: false,
    });
  }
  const pixels: PixelBuffer = {
    format: { ...extent, channels: 3, sample: 'uint8', range: 255, profile: SRGB_PROFILE },
    data: rgb,
  };
  return { pixels, picture: await pictureOf(imaging, pixels) };
}

/** Photoshop makes the JPEG: image elements in UXP take no raw pixels and Canvas has no `putImageData`. */
async function pictureOf(imaging: Imaging, { format, data }: PixelBuffer): Promise<string> {
  const imageData = await imaging.createImageDataFromBuffer(data, {
    width: format.width,
    height: format.height,
    components: 3,
    chunky: true,
    colorSpace: 'RGB',
    colorProfile: format.profile,
  });
  try {
    const jpeg = await imaging.encodeImageData({ imageData, base64: true });
    return `data:image/jpeg;base64,${jpeg}`;
  } finally {
    await imageData.dispose();
  }
}
