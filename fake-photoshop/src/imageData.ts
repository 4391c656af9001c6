import type { ColourSpace } from './colour.ts';
import { PhotoshopError } from './photoshopError.ts';
import { type Depth, depthOf, type Samples } from './raster.ts';

/** Account of the image data that Photoshop holds for the plugin until it is disposed of. */
export class ImageLedger {
  #alive = new Set<ImageData>();
  #bytes = 0;
  #peakBytes = 0;

  get alive(): number {
    return this.#alive.size;
  }

  /** The most that was held at a time. */
  get peakBytes(): number {
    return this.#peakBytes;
  }

  add(image: ImageData, bytes: number): void {
    this.#alive.add(image);
    this.#bytes += bytes;
    this.#peakBytes = Math.max(this.#peakBytes, this.#bytes);
  }

  remove(image: ImageData, bytes: number): void {
    if (this.#alive.delete(image)) this.#bytes -= bytes;
  }
}

interface Picture {
  readonly data: Samples;
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly space: ColourSpace;
}

/** `PhotoshopImageData` (imaging.md): made by Photoshop alone, chunky inside. */
export class ImageData {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly componentSize: Depth;
  readonly colorSpace: ColourSpace['name'];
  /** Empty means: the profile of whatever document it is put into. */
  readonly colorProfile: string;
  readonly isChunky = true;
  readonly type = 'image/uncompressed';
  readonly #ledger: ImageLedger;
  #data: Samples | null;

  constructor(ledger: ImageLedger, { data, width, height, components, space }: Picture) {
    this.width = width;
    this.height = height;
    this.components = components;
    this.componentSize = depthOf(data);
    this.colorSpace = space.name;
    this.colorProfile = space.profile;
    this.#data = data;
    this.#ledger = ledger;
    ledger.add(this, data.byteLength);
  }

  get hasAlpha(): boolean {
    return this.components === 2 || this.components === 4;
  }

  /** 16 bit in 0..32768 unless the full range is asked for (imaging.md, "getData"). */
  async getData({ chunky = true, fullRange = false } = {}): Promise<Samples> {
    const data = this.samples();
    const ranged =
      fullRange && data instanceof Uint16Array
        ? data.map((v) => Math.round((v * 65535) / 32768))
        : data;
    return chunky ? ranged.slice() : planar(ranged, this.components);
  }

  /** For Photoshop itself. */
  samples(): Samples {
    if (this.#data === null) throw new PhotoshopError('The image data was disposed of.');
    return this.#data;
  }

  /** Synchronous (imaging.md, "dispose"). */
  dispose(): void {
    if (this.#data === null) return;
    this.#ledger.remove(this, this.#data.byteLength);
    this.#data = null;
  }
}

function planar(data: Samples, components: number): Samples {
  const count = data.length / components;
  return data.map((_, i) => data[(i % count) * components + Math.floor(i / count)] as number);
}

interface BufferOptions {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly colorSpace: string;
  readonly colorProfile?: string;
  readonly chunky?: boolean;
  readonly fullRange?: boolean;
}

/** `createImageDataFromBuffer` (imaging.md). @throws PhotoshopError when size and data disagree */
export function imageFromBuffer(
  ledger: ImageLedger,
  given: Samples,
  options: BufferOptions,
): ImageData {
  const { width, height, components, colorSpace, colorProfile = '' } = options;
  if (given.length !== width * height * components) {
    throw new PhotoshopError(
      `Expected ${width * height * components} values for ${width}×${height}×${components} but got ${given.length}.`,
    );
  }
  if (colorSpace !== 'RGB' && colorSpace !== 'Grayscale' && colorSpace !== 'Lab') {
    throw new PhotoshopError(`“${colorSpace}” is no color space of image data.`);
  }
  const chunky =
    (options.chunky ?? true) || components === 1 ? given.slice() : interleaved(given, components);
  const data =
    options.fullRange === true && chunky instanceof Uint16Array
      ? chunky.map((value) => Math.round((value * 32768) / 65535))
      : chunky;
  if (data instanceof Uint16Array && data.some((value) => value > 32768)) {
    throw new PhotoshopError('16-bit values end at 32768 unless fullRange is set.');
  }
  const space = { name: colorSpace, profile: colorProfile } as const;
  return new ImageData(ledger, { data, width, height, components, space });
}

function interleaved(data: Samples, components: number): Samples {
  const count = data.length / components;
  return data.map((_, i) => data[(i % components) * count + Math.floor(i / components)] as number);
}
