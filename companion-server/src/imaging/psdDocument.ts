import { type Extent, type PixelBuffer, SRGB_PROFILE } from '@emoeditor/shared';
import { decodeLayerPixels, type Layer, type Psd, readPsd, writePsdUint8Array } from './agPsd.ts';
import { spaceOfProfile } from './colourProfiles.ts';
import type { EditableDocument } from './editableDocument.ts';
import { flattenLayers } from './flattenLayers.ts';
import { profileName } from './iccProfile.ts';
import { ImageError } from './imageError.ts';
import { checkSize } from './limits.ts';
import { checkPsdHeader, damagedPsd } from './psdHeader.ts';
import { chooseLayer, isPixelLayer, isPlain, layerPlaces } from './psdLayers.ts';
import { ICC_RESOURCE, keepResources, psdResources } from './psdResources.ts';
import { pictureExtension, writePicture } from './writePicture.ts';

/**
 * Opens a layered document. A flat PSD counts as one layer named "Background".
 * @param wanted name of the layer to edit; the topmost visible pixel layer when null
 * @throws ImageError TRUNCATED, TOO_SMALL, TOO_LARGE, UNSUPPORTED, LAYER_NOT_FOUND, LAYER_NOT_PIXELS
 */
export function openPsd(bytes: Uint8Array, name: string, wanted: string | null): EditableDocument {
  const extent = checkPsdHeader(bytes, name);
  const icc = psdResources(bytes).find(({ id }) => id === ICC_RESOURCE)?.data ?? null;
  const profile = icc === null ? SRGB_PROFILE : spaceOfProfile(icc)?.name;
  if (profile === undefined) {
    throw new ImageError(
      'UNSUPPORTED',
      `${name} is in the colour profile “${profileName(icc ?? bytes) ?? 'unnamed'}”; layers can be edited in sRGB, Adobe RGB (1998), Display P3 and ProPhoto RGB.`,
      'Choose Edit › Convert to Profile in Photoshop and save again.',
    );
  }
  const psd = readLayers(bytes, name, extent);
  const { layer } = chooseLayer(psd, wanted, name);
  const pixels = layerPixels(layer, profile, name);
  return {
    pixels,
    layer: layer.name ?? '',
    notes: [],
    async encode(result, { path, layerName }) {
      if (pictureExtension(path) !== null) {
        const flat = await writePicture(result, icc, null, path);
        return {
          bytes: flat,
          notes: [`${path} holds the edited layer alone; name it .psd to keep all layers.`],
        };
      }
      return writeWithLayer(
        bytes,
        readLayers(bytes, name, extent),
        layer,
        result,
        layerName,
        wanted,
      );
    },
  };
}

/** Layers stay as their raw channels, so what is not edited is written back byte for byte. */
function readLayers(bytes: Uint8Array, name: string, extent: Extent): Psd {
  try {
    const psd = readPsd(bytes, { useRawData: true, skipThumbnail: true });
    if ((psd.children?.length ?? 0) > 0) return psd;
    const flat = readPsd(bytes, { useImageData: true, skipThumbnail: true });
    if (flat.imageData === undefined) throw new Error('no composite picture');
    const background: Layer = {
      name: 'Background',
      left: 0,
      top: 0,
      right: extent.width,
      bottom: extent.height,
      imageData: flat.imageData,
    };
    return { ...flat, children: [background] };
  } catch (cause) {
    throw damagedPsd(name, cause);
  }
}

function layerPixels(layer: Layer, profile: string, name: string): PixelBuffer {
  if (layer.imageData === undefined) decodeLayerPixels(layer, true);
  const { imageData } = layer;
  if (imageData === undefined) throw damagedPsd(name);
  const { width, height, data } = imageData;
  checkSize(`The layer “${layer.name ?? ''}”`, { width, height });
  return {
    format: { width, height, channels: 4, sample: 'uint8', range: 255, profile },
    data: new Uint8Array(data),
  };
}

function writeWithLayer(
  original: Uint8Array,
  psd: Psd,
  source: Layer,
  result: PixelBuffer,
  layerName: string,
  wanted: string | null,
): { bytes: Uint8Array; notes: string[] } {
  const { layer, siblings } = chooseLayer(psd, wanted, 'The document');
  const { width, height } = result.format;
  const left = source.left ?? 0;
  const top = source.top ?? 0;
  const clipped = layer.clipping === true || layer.mask !== undefined;
  const edited: Layer = {
    name: layerName,
    left,
    top,
    right: left + width,
    bottom: top + height,
    blendMode: 'normal',
    // Clipped to its source, the new layer keeps to the source's mask; its opacity is then the source's already.
    clipping: clipped,
    opacity: clipped ? 1 : (layer.opacity ?? 1),
    imageData: { width, height, data: new Uint8ClampedArray(result.data) },
  };
  siblings.splice(siblings.indexOf(layer) + 1, 0, edited);
  const notes: string[] = [];
  const composite = redraw(psd);
  if (composite === null) {
    notes.push(
      'The small preview stored in the file shows the document before the edit; Photoshop redraws it when it saves.',
    );
  }
  const { canvas: _canvas, imageData: before, ...rest } = psd;
  const flattened = composite ?? before ?? compositeOf(original);
  const document: Psd = flattened === undefined ? rest : { ...rest, imageData: flattened };
  try {
    const written = writePsdUint8Array(document, { noBackground: true });
    return { bytes: keepResources(written, original), notes };
  } catch (cause) {
    throw new ImageError(
      'CANNOT_WRITE',
      'The document could not be written back as a PSD with the new layer.',
      'Save the result as PNG or TIFF and place it in Photoshop, or edit it there with the panel.',
      cause,
    );
  }
}

/** The flattened document, or null when it has looks that only Photoshop can draw. */
function redraw(psd: Psd): Psd['imageData'] | null {
  const shown = [...layerPlaces(psd.children ?? [])]
    .map(({ layer }) => layer)
    .filter((layer) => layer.hidden !== true);
  if (!shown.every((layer) => isPlain(layer) && isPixelLayer(layer))) return null;
  return flattenLayers(shown.map(decoded), psd);
}

/** A copy with its pixels, so that the layer itself is still written from its raw channels. */
function decoded(layer: Layer): Layer {
  if (layer.imageData !== undefined) return layer;
  const copy = { ...layer };
  decodeLayerPixels(copy, true);
  return copy;
}

function compositeOf(original: Uint8Array): Psd['imageData'] {
  return readPsd(original, { useImageData: true, skipThumbnail: true, skipLayerImageData: true })
    .imageData;
}
