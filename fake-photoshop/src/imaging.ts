import { type ColourSpace, coloursOf, convertSamples, spaceOfMode } from './colour.ts';
import { boundsOfLayer, type LayerContent, newLayer } from './content.ts';
import { type Edges, EMPTY, heightOf, intersect, isEmpty, widthOf } from './edges.ts';
import { flattenedRaster } from './flatten.ts';
import { ImageData, type ImageLedger, imageFromBuffer } from './imageData.ts';
import {
  edgesOfRegion,
  type GetOptions,
  type ImagingHost,
  layerOf,
  type PutOptions,
} from './imagingHost.ts';
import { maskImagingOf } from './maskImaging.ts';
import type { DocumentModel } from './model.ts';
import { PhotoshopError } from './photoshopError.ts';
import { type Depth, newSamples, Raster, rangeOf, type Samples } from './raster.ts';
import { resample } from './resample.ts';

/** Takes a picture as bytes of a JPEG; browsers and Node do that differently. */
export type EncodeJpeg = (rgb: Uint8Array, width: number, height: number) => Promise<Uint8Array>;

/** Photoshop's `imaging` (AdobeDocs/uxp-photoshop, ps-reference/media/imaging.md). */
export function imagingOf(host: ImagingHost, encodeJpeg: EncodeJpeg) {
  const { documentOf, modal, ledger } = host;
  return {
    async getPixels(options: GetOptions) {
      if (!host.freeReads || modal.isBusy || modal.isModal) modal.assertModal('getPixels');
      const document = documentOf(options.documentID);
      return readLayer(host, document, readable(document, options.layerID), options);
    },

    createImageDataFromBuffer: async (...given: Parts<typeof imageFromBuffer>) =>
      imageFromBuffer(ledger, ...given),

    async putPixels(options: PutOptions): Promise<void> {
      const document = documentOf(options.documentID);
      modal.edit(document, 'Put Pixels', 'putPixels', () => writeLayer(document, options));
    },

    ...maskImagingOf(host),

    async encodeImageData({
      imageData,
      base64 = false,
    }: {
      imageData: ImageData;
      base64?: boolean;
    }) {
      const { components, componentSize, colorSpace, width, height } = imageData;
      if (components !== 3 || componentSize !== 8 || colorSpace !== 'RGB') {
        throw new PhotoshopError('JPEG needs 8-bit RGB without alpha.');
      }
      const jpeg = await encodeJpeg(imageData.samples() as Uint8Array, width, height);
      return base64
        ? btoa(Array.from(jpeg, (byte) => String.fromCharCode(byte)).join(''))
        : Array.from(jpeg);
    },
  };
}

/** A pixel layer, or without an id what the whole document shows (imaging.md, "layerID"). */
function readable(document: DocumentModel, id: number | undefined): LayerContent {
  const { content, facts } = document;
  if (id === undefined) {
    const whole = { left: 0, top: 0, right: facts.width, bottom: facts.height };
    const pixels = flattenedRaster(content.layers, facts.depth, whole);
    return newLayer(facts.depth, { name: facts.name, pixels }, facts.mode);
  }
  const layer = layerOf(document, id);
  // Reading other kinds is undocumented; once rasterised they can be read.
  if (layer.kind !== 'pixel') throw new PhotoshopError(`“${layer.name}” is no pixel layer.`);
  return layer;
}

type Parts<F> = F extends (ledger: ImageLedger, ...rest: infer Rest) => unknown ? Rest : never;

/**
 * Trims to the pixels that are not transparent and scales from the nearest cached level; the returned `sourceBounds` are
 * in that level's pixels.
 */
function readLayer(
  { ledger, cacheLevels, emptyReads }: ImagingHost,
  { facts }: DocumentModel,
  layer: LayerContent,
  options: GetOptions,
) {
  const wanted =
    options.sourceBounds === undefined
      ? { left: 0, top: 0, right: facts.width, bottom: facts.height }
      : edgesOfRegion(options.sourceBounds);
  const size = wholeSize(wanted, options.targetSize);
  const level = pyramidLevel(wanted, size, cacheLevels);
  let raster = layer.pixels;
  for (let i = 0; i < level; i++) raster = raster.halved();
  const trimmed = raster.trimmed(atLevel(intersect(wanted, boundsOfLayer(layer)), level));
  if (isEmpty(trimmed) && emptyReads === 'reject') {
    throw new PhotoshopError('The region holds no pixels.');
  }
  const own = ownSpace(facts);
  const picture = {
    data: raster.read(trimmed),
    width: widthOf(trimmed),
    height: heightOf(trimmed),
    channels: raster.channels,
  };
  const scaled =
    size === null || isEmpty(trimmed)
      ? picture
      : resample(picture, share(picture, wanted, size, level));
  const space = requestedSpace(own, options);
  const depth = requestedDepth(facts.depth, options.componentSize);
  const seen = hasAlphaInPixels(layer, own)
    ? scaled.data
    : withoutAlpha(scaled.data, scaled.channels);
  const data = convertSamples(
    seen,
    seen.length / (scaled.width * scaled.height || 1) || 1,
    [own, space],
    depth,
  );
  const components =
    data.length === 0 ? coloursOf(space.name) : data.length / (scaled.width * scaled.height);
  const { width, height } = scaled;
  return {
    imageData: new ImageData(ledger, { data, width, height, components, space }),
    sourceBounds: trimmed,
    level,
  };
}

/**
 * A Background and a layer with locked transparency come without alpha; so do layers in Grayscale and Lab
 * (AdobeDocs/uxp-photoshop#501).
 */
const hasAlphaInPixels = (layer: LayerContent, { name }: ColourSpace): boolean =>
  !layer.isBackground &&
  !layer.transparencyLocked &&
  !layer.allLocked &&
  name !== 'Grayscale' &&
  name !== 'Lab';

function requestedSpace(own: ColourSpace, { colorSpace, colorProfile }: GetOptions): ColourSpace {
  const name = colorSpace ?? own.name;
  if (name === 'CMYK') throw new PhotoshopError('Image data is RGB, Grayscale or Lab, never CMYK.');
  if (colorProfile !== undefined) return { name, profile: colorProfile };
  return name === own.name ? own : { name, profile: WORKING_PROFILES[name] };
}

/** Colour space of a document's samples; an untagged document is read in the working space. */
function ownSpace({ mode, profile }: DocumentModel['facts']): ColourSpace {
  const name = spaceOfMode(mode);
  const known = profile.replace(/ \(Linear RGB Profile\)$/, '');
  return { name, profile: known || (name === 'CMYK' ? known : WORKING_PROFILES[name]) };
}

/** Profiles assumed when a colour space is asked for without one: the user's working spaces. */
const WORKING_PROFILES = {
  RGB: 'sRGB IEC61966-2.1',
  Grayscale: 'Gray Gamma 2.2',
  Lab: 'Lab D50',
} as const;

function requestedDepth(own: Depth, wanted: GetOptions['componentSize'] = -1): Depth {
  // Since Photoshop 25.5, reading 8 bit from a 16-bit document fails (reported by sd-ppp/sdppp-photoshop).
  if (wanted === 8 && own === 16) throw new PhotoshopError('The operation failed. Code: -1');
  return wanted === -1 ? own : wanted;
}

/** Size that all of `wanted` is scaled to; a missing side keeps the aspect ratio (imaging.md, "targetSize"). */
function wholeSize(wanted: Edges, target: GetOptions['targetSize']) {
  if (target?.width === undefined && target?.height === undefined) return null;
  const [w, h] = [widthOf(wanted), heightOf(wanted)];
  const width = target.width ?? Math.max(1, Math.round((w * (target.height as number)) / h));
  const height = target.height ?? Math.max(1, Math.round((h * width) / w));
  return { width, height };
}

type Size = NonNullable<ReturnType<typeof wholeSize>>;

/** Photoshop keeps halved copies of a layer and scales from the nearest one that is big enough. */
function pyramidLevel(wanted: Edges, size: Size | null, cacheLevels: number): number {
  if (size === null) return 0;
  const shrinking = Math.min(widthOf(wanted) / size.width, heightOf(wanted) / size.height);
  return Math.max(0, Math.min(cacheLevels - 1, Math.floor(Math.log2(shrinking))));
}

/** The part of the scaled picture that remains after trimming. */
function share(part: { width: number; height: number }, wanted: Edges, size: Size, level: number) {
  const scale = 2 ** level;
  return {
    width: Math.max(1, Math.round((size.width * part.width * scale) / widthOf(wanted))),
    height: Math.max(1, Math.round((size.height * part.height * scale) / heightOf(wanted))),
  };
}

function atLevel(edges: Edges, level: number): Edges {
  if (isEmpty(edges)) return EMPTY;
  const scale = 2 ** level;
  return {
    left: Math.floor(edges.left / scale),
    top: Math.floor(edges.top / scale),
    right: Math.ceil(edges.right / scale),
    bottom: Math.ceil(edges.bottom / scale),
  };
}

function writeLayer(document: DocumentModel, options: PutOptions): void {
  const { imageData, targetBounds: { left, top } = { left: 0, top: 0 } } = options;
  const { facts } = document;
  const layer = layerOf(document, options.layerID);
  if (layer.kind !== 'pixel') throw new PhotoshopError(`“${layer.name}” holds no pixels.`);
  if (layer.allLocked || layer.pixelsLocked) throw new PhotoshopError(`“${layer.name}” is locked.`);
  const own = ownSpace(facts);
  // Neither the conversion of depths nor writing into CMYK is documented; see conformance.ts.
  if (own.name === 'CMYK') throw new PhotoshopError('Pixels cannot be put into a CMYK document.');
  if (imageData.componentSize !== facts.depth) {
    throw new PhotoshopError(
      `Expected ${facts.depth}-bit pixels but got ${imageData.componentSize}.`,
    );
  }
  const given: ColourSpace = {
    name: imageData.colorSpace,
    // "If the color profile is empty, then the profile of a target document will be used" (imaging.md).
    profile: imageData.colorProfile === '' ? own.profile : imageData.colorProfile,
  };
  const { width, height, components } = imageData;
  const converted = convertSamples(imageData.samples(), components, [given, own]);
  const pixels = withAlpha(converted, coloursOf(own.name), width * height, facts.depth);
  const before =
    (options.replace ?? true) ? new Raster(facts.depth, layer.pixels.channels) : layer.pixels;
  const place = { left, top, right: left + width, bottom: top + height };
  document.changeLayer(layer.id, (now) => ({ ...now, pixels: before.write(place, pixels) }));
}

function withoutAlpha(data: Samples, channels: number): Samples {
  const colours = channels - 1;
  return data
    .slice(0, (data.length / channels) * colours)
    .map((_, i) => data[Math.floor(i / colours) * channels + (i % colours)] as number);
}

function withAlpha(data: Samples, colours: number, count: number, depth: Depth): Samples {
  if (data.length === count * (colours + 1)) return data;
  const out = newSamples(depth, count * (colours + 1)).fill(rangeOf(depth));
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < colours; k++) out[i * (colours + 1) + k] = data[i * colours + k] as number;
  }
  return out;
}
