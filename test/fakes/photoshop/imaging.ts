import { boundsOfLayer, type LayerContent } from './content.ts';
import type { ModalHost } from './modalHost.ts';
import type { DocumentModel } from './model.ts';
import { PhotoshopError } from './photoshopError.ts';
import {
  type Edges,
  EMPTY,
  heightOf,
  intersect,
  isEmpty,
  Raster,
  type Samples,
  widthOf,
} from './raster.ts';
import { resample } from './resample.ts';

/** Takes a picture as a base64 JPEG or as bytes; browsers and Node do that differently. */
export type EncodeJpeg = (rgb: Uint8Array, width: number, height: number) => Promise<Uint8Array>;

interface GetOptions {
  readonly documentID?: number;
  readonly layerID?: number;
  readonly sourceBounds?: Edges;
  readonly targetSize?: { readonly width?: number; readonly height?: number };
}

interface PutOptions {
  readonly documentID?: number;
  readonly layerID: number;
  readonly imageData: ImageData;
  readonly replace?: boolean;
  readonly targetBounds?: Partial<Edges>;
}

/** Pixels in Photoshop's own memory until they are disposed of; a test can ask how many are left. */
export class ImageData {
  static alive = 0;
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly componentSize: 8 | 16;
  readonly colorSpace: string;
  #data: Samples | null;

  constructor(
    data: Samples,
    width: number,
    height: number,
    components: number,
    colorSpace: string,
  ) {
    this.#data = data;
    this.width = width;
    this.height = height;
    this.components = components;
    this.componentSize = data instanceof Uint8Array ? 8 : 16;
    this.colorSpace = colorSpace;
    ImageData.alive += 1;
  }

  /** Chunky only; 16 bit in 0..32768, as with `fullRange: false` (imaging.md). */
  async getData(_options?: { chunky?: boolean; fullRange?: boolean }): Promise<Samples> {
    return this.samples();
  }

  samples(): Samples {
    if (this.#data === null) throw new PhotoshopError('The image data was disposed of.');
    return this.#data;
  }

  async dispose(): Promise<void> {
    if (this.#data === null) return;
    this.#data = null;
    ImageData.alive -= 1;
  }
}

/** Photoshop's `imaging`. Source: Adobe's imaging.md; profiles are not converted. */
export function imagingOf(
  documentOf: (id: number | undefined) => DocumentModel,
  modal: ModalHost,
  encodeJpeg: EncodeJpeg,
) {
  const layerOf = (document: DocumentModel, id: number | undefined): LayerContent => {
    const layer = id === undefined ? undefined : document.layer(id);
    if (!layer)
      throw new PhotoshopError(`The layer ${id} does not exist in “${document.facts.name}”.`);
    return layer;
  };
  const place = (options: PutOptions): Edges => {
    const { left = 0, top = 0 } = options.targetBounds ?? {};
    const { width, height } = options.imageData;
    return { left, top, right: left + width, bottom: top + height };
  };

  return {
    /** Trimmed to what is not empty; with `targetSize` scaled down, and `sourceBounds` counts pyramid pixels. */
    async getPixels(options: GetOptions) {
      modal.assertModal('getPixels');
      const document = documentOf(options.documentID);
      const layer = layerOf(document, options.layerID);
      const wanted = options.sourceBounds ?? {
        left: 0,
        top: 0,
        right: document.facts.width,
        bottom: document.facts.height,
      };
      const trimmed = intersect(wanted, boundsOfLayer(layer));
      // A Background has no transparency, so its pixels come without alpha.
      const components = layer.isBackground ? 3 : 4;
      const pixels = layer.pixels.read(trimmed);
      const full = {
        data: pixels,
        width: widthOf(trimmed),
        height: heightOf(trimmed),
        channels: 4,
      };
      const level = pyramidLevel(wanted, options.targetSize);
      const size = targetSizeOf(trimmed, wanted, options.targetSize);
      const scaled = size === null || isEmpty(trimmed) ? full : resample(full, size);
      const data = components === 3 ? withoutAlpha(scaled.data) : scaled.data;
      return {
        imageData: new ImageData(data, scaled.width, scaled.height, components, 'RGB'),
        sourceBounds: atLevel(trimmed, level),
        level,
      };
    },

    async createImageDataFromBuffer(
      data: Samples,
      options: { width: number; height: number; components: number; colorSpace: string },
    ) {
      const { width, height, components, colorSpace } = options;
      if (data.length !== width * height * components) {
        throw new PhotoshopError(
          `Expected ${width * height * components} values for ${width}×${height}×${components} but got ${data.length}.`,
        );
      }
      return new ImageData(data.slice(), width, height, components, colorSpace);
    },

    async putPixels(options: PutOptions): Promise<void> {
      modal.assertModal('putPixels');
      const document = documentOf(options.documentID);
      const layer = layerOf(document, options.layerID);
      if (layer.kind !== 'pixel') throw new PhotoshopError(`“${layer.name}” holds no pixels.`);
      const { depth } = document.facts;
      if (options.imageData.componentSize !== depth) {
        throw new PhotoshopError(
          `Expected ${depth}-bit pixels but got ${options.imageData.componentSize}.`,
        );
      }
      const before = (options.replace ?? true) ? new Raster(depth, 4) : layer.pixels;
      const pixels = before.write(place(options), withAlpha(options.imageData, depth));
      document.changeLayer(layer.id, (now) => ({ ...now, pixels }));
    },

    async getSelection(options: GetOptions) {
      modal.assertModal('getSelection');
      const { selection } = documentOf(options.documentID).content;
      if (selection === null) throw new PhotoshopError('There is no selection.');
      return oneChannel(selection, options.sourceBounds);
    },

    async getLayerMask(options: GetOptions) {
      modal.assertModal('getLayerMask');
      const { mask, name } = layerOf(documentOf(options.documentID), options.layerID);
      if (mask === null) throw new PhotoshopError(`“${name}” has no layer mask.`);
      return oneChannel(mask, options.sourceBounds);
    },

    async putLayerMask(options: PutOptions): Promise<void> {
      modal.assertModal('putLayerMask');
      const document = documentOf(options.documentID);
      const layer = layerOf(document, options.layerID);
      const before =
        (options.replace ?? true) || layer.mask === null ? new Raster(8, 1) : layer.mask;
      const mask = before.write(place(options), options.imageData.samples());
      document.changeLayer(layer.id, (now) => ({ ...now, mask }));
    },

    async encodeImageData({
      imageData,
      base64 = false,
    }: {
      imageData: ImageData;
      base64?: boolean;
    }) {
      if (imageData.components !== 3 || imageData.componentSize !== 8) {
        throw new PhotoshopError('JPEG needs 8-bit RGB without alpha.');
      }
      const rgb = imageData.samples() as Uint8Array;
      const jpeg = await encodeJpeg(rgb, imageData.width, imageData.height);
      return base64
        ? btoa(Array.from(jpeg, (byte) => String.fromCharCode(byte)).join(''))
        : Array.from(jpeg);
    },
  };
}

function oneChannel(raster: Raster, wanted: Edges = raster.bounds) {
  const sourceBounds = intersect(wanted, raster.bounds);
  const data = raster.read(sourceBounds);
  const imageData = new ImageData(
    data,
    widthOf(sourceBounds),
    heightOf(sourceBounds),
    1,
    'Grayscale',
  );
  return { imageData, sourceBounds, level: 0 };
}

/** Photoshop keeps halved copies of a layer and scales from the nearest one that is big enough. */
function pyramidLevel(wanted: Edges, target: GetOptions['targetSize']): number {
  const across = widthOf(wanted) / (target?.width ?? widthOf(wanted));
  const down = heightOf(wanted) / (target?.height ?? heightOf(wanted));
  return Math.max(0, Math.floor(Math.log2(Math.min(across, down))));
}

function targetSizeOf(trimmed: Edges, wanted: Edges, target: GetOptions['targetSize']) {
  if (target?.width === undefined || target.height === undefined) return null;
  return {
    width: Math.max(1, Math.round((target.width * widthOf(trimmed)) / widthOf(wanted))),
    height: Math.max(1, Math.round((target.height * heightOf(trimmed)) / heightOf(wanted))),
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

function withoutAlpha(rgba: Samples): Samples {
  const out =
    rgba instanceof Uint8Array
      ? new Uint8Array((rgba.length / 4) * 3)
      : new Uint16Array((rgba.length / 4) * 3);
  for (let i = 0, j = 0; i < rgba.length; i += 4, j += 3) {
    out[j] = rgba[i] as number;
    out[j + 1] = rgba[i + 1] as number;
    out[j + 2] = rgba[i + 2] as number;
  }
  return out;
}

function withAlpha(image: ImageData, depth: 8 | 16): Samples {
  const data = image.samples();
  if (image.components === 4) return data;
  const count = image.width * image.height;
  const out = depth === 8 ? new Uint8Array(count * 4) : new Uint16Array(count * 4);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < 3; k++) out[i * 4 + k] = data[i * 3 + k] as number;
    out[i * 4 + 3] = depth === 8 ? 255 : 32768;
  }
  return out;
}
