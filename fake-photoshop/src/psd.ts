import { initializeCanvas, type Psd, type Layer as PsdLayer, readPsd, writePsd } from 'ag-psd';
import { type Content, type LayerContent, newLayer } from './content.ts';
import { type Edges, heightOf, widthOf } from './edges.ts';
import { flatten } from './flatten.ts';
import type { DocumentFacts } from './model.ts';
import { Raster, rangeOf } from './raster.ts';

// ag-psd asks for a canvas even where it only allocates pixels; plain arrays work in the browser, too.
initializeCanvas(
  () => {
    throw new Error('Expected pixels as plain arrays but a canvas was asked for.');
  },
  (width, height) => {
    const data = new Uint8ClampedArray(width * height * 4);
    return { width, height, data, colorSpace: 'srgb' } as globalThis.ImageData;
  },
);

const PROFILE = 'sRGB IEC61966-2.1';

/** Reads a PSD with its layers. 8-bit RGB; text, adjustment and fill layers keep their place but not their meaning. */
export function loadPsd(
  bytes: ArrayBuffer,
  name: string,
): { facts: DocumentFacts; content: Content } {
  const psd = readPsd(bytes, { useImageData: true, skipThumbnail: true });
  const layers = psd.children?.length ? toContent(psd.children) : [backgroundOf(psd)];
  const active = layers.findLast(({ kind }) => kind === 'pixel') ?? layers[0];
  return {
    facts: {
      name,
      width: psd.width,
      height: psd.height,
      depth: 8,
      profile: PROFILE,
      mode: 'RGBColorMode',
    },
    content: {
      layers,
      activeIds: active === undefined ? [] : [active.id],
      selection: null,
      xmp: psd.imageResources?.xmpMetadata ?? '',
    },
  };
}

/** Writes a document as PSD, layers, masks and the flattened picture included. */
export function savePsd(facts: DocumentFacts, content: Content): ArrayBuffer {
  const { width, height } = facts;
  const flat = flatten(content, facts.depth, { left: 0, top: 0, right: width, bottom: height });
  return writePsd(
    {
      width,
      height,
      imageData: { width, height, data: flat.rgba },
      children: content.layers.toReversed().map(toPsd),
      ...(content.xmp ? { imageResources: { xmpMetadata: content.xmp } } : {}),
    },
    { trimImageData: false },
  );
}

/** ag-psd lists layers from the bottom up, Photoshop's DOM from the top down. */
function toContent(layers: readonly PsdLayer[]): LayerContent[] {
  return layers.toReversed().map((layer) => {
    const kind = layer.children
      ? 'group'
      : layer.text
        ? 'text'
        : layer.adjustment
          ? 'curves'
          : 'pixel';
    return newLayer(8, {
      name: layer.name ?? 'Layer',
      kind,
      visible: !layer.hidden,
      opacity: Math.round((layer.opacity ?? 1) * 100),
      fillOpacity: Math.round((layer.fillOpacity ?? 1) * 100),
      blendsClippedAsGroup: layer.blendClippendElements !== false,
      allLocked: layer.transparencyProtected === true && layer.protected?.composite === true,
      isBackground: layer.name === 'Background' && layer.transparencyProtected === true,
      isClippingMask: layer.clipping === true,
      pixels: rasterOf(layer),
      mask: layer.mask?.imageData ? maskOf(layer.mask) : null,
      isMaskEnabled: layer.mask?.disabled !== true,
      children: layer.children ? toContent(layer.children) : [],
    });
  });
}

function rasterOf({ left = 0, top = 0, imageData }: PsdLayer): Raster {
  if (!imageData) return new Raster(8, 4);
  const { width, height, data } = imageData;
  return new Raster(8, 4).write(
    { left, top, right: left + width, bottom: top + height },
    new Uint8Array(data),
  );
}

function maskOf({
  left = 0,
  top = 0,
  imageData,
  defaultColor = 0,
}: NonNullable<PsdLayer['mask']>): Raster {
  const blank = new Raster(8, 1, { blank: defaultColor });
  if (!imageData) return blank;
  const { width, height, data } = imageData;
  const values = Uint8Array.from({ length: width * height }, (_, i) => data[i * 4] as number);
  return blank.write({ left, top, right: left + width, bottom: top + height }, values);
}

function backgroundOf(psd: Psd): LayerContent {
  const { width, height, imageData } = psd;
  const data = imageData
    ? new Uint8Array(imageData.data)
    : new Uint8Array(width * height * 4).fill(255);
  const pixels = new Raster(8, 4).write({ left: 0, top: 0, right: width, bottom: height }, data);
  return newLayer(8, { name: 'Background', isBackground: true, pixels });
}

function toPsd(layer: LayerContent): PsdLayer {
  const common = {
    name: layer.name,
    hidden: !layer.visible,
    opacity: layer.opacity / 100,
    clipping: layer.isClippingMask,
    transparencyProtected: layer.isBackground,
  };
  if (layer.kind === 'group')
    return { ...common, children: layer.children.toReversed().map(toPsd) };
  const { bounds } = layer.pixels;
  return {
    ...common,
    ...place(bounds),
    imageData: pixelsOf(layer.pixels, bounds),
    ...(layer.mask === null
      ? {}
      : { mask: { ...psdMask(layer.mask), disabled: !layer.isMaskEnabled } }),
  };
}

function psdMask(mask: Raster) {
  const { bounds } = mask;
  const values = mask.read(bounds);
  const data = new Uint8ClampedArray(values.length * 4).fill(255);
  for (let i = 0; i < values.length; i++) data.fill(values[i] as number, i * 4, i * 4 + 3);
  const imageData = { width: widthOf(bounds), height: heightOf(bounds), data };
  return { ...place(bounds), defaultColor: mask.blank, imageData };
}

const place = ({ left, top }: Edges) => ({ left, top });

function pixelsOf(raster: Raster, bounds: Edges) {
  const values = raster.read(bounds);
  const scale = 255 / rangeOf(raster.depth);
  const data = Uint8ClampedArray.from(values, (value) => Math.round(value * scale));
  return { width: widthOf(bounds), height: heightOf(bounds), data };
}
