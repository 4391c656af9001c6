import type {
  SaveTarget,
  SourceChoice,
} from '@emoeditor/companion-server/imaging/editableDocument.ts';
import { documentFrom } from '@emoeditor/companion-server/imaging/openDocument.ts';
import type { Range } from '@emoeditor/companion-server/imaging/psd/cursor.ts';
import { parsePsd } from '@emoeditor/companion-server/imaging/psd/psdFile.ts';
import type { PixelBuffer } from '@emoeditor/shared';
import { initializeCanvas, type Layer, type Psd, readPsd, writePsdUint8Array } from 'ag-psd';
import { rampBytes } from '../pictures.ts';

// ag-psd asks for a canvas even where it only makes room for pixels.
initializeCanvas(
  () => {
    throw new Error('Expected pixels as plain arrays but a canvas was asked for.');
  },
  (width, height) => {
    const data = new Uint8ClampedArray(width * height * 4);
    return { width, height, data, colorSpace: 'srgb' } as ImageData;
  },
);

export const WIDTH = 48;
export const HEIGHT = 32;

/** A layer of a ramp whose blue is `value` everywhere. */
export function pixelLayer(name: string, value: number, extra: Partial<Layer> = {}): Layer {
  const data = new Uint8ClampedArray(rampBytes(WIDTH, HEIGHT, 4));
  for (let i = 2; i < data.length; i += 4) data[i] = value;
  return { name, imageData: { width: WIDTH, height: HEIGHT, data }, ...extra };
}

/** The same with that transparency everywhere. */
export function softLayer(name: string, alpha: number, extra: Partial<Layer> = {}): Layer {
  const layer = pixelLayer(name, 120, extra);
  const data = layer.imageData?.data ?? [];
  for (let i = 3; i < data.length; i += 4) data[i] = alpha;
  return layer;
}

/** A grey mask over the left half of a layer; black outside. */
export function halfMask(value = 255): NonNullable<Layer['mask']> {
  const [width, height] = [WIDTH / 2, HEIGHT];
  const data = new Uint8ClampedArray(width * height * 4).fill(value);
  return { left: 0, top: 0, right: width, bottom: height, imageData: { width, height, data } };
}

export function psdFile(
  children: Layer[],
  extra: Partial<Psd> & { readonly psb?: boolean } = {},
): Uint8Array {
  const { psb = false, ...psd } = extra;
  return writePsdUint8Array(
    { width: WIDTH, height: HEIGHT, children, ...psd },
    { noBackground: true, psb, generateThumbnail: false },
  );
}

export const read = (bytes: Uint8Array) => readPsd(bytes, { useImageData: true });
export const names = (layers: Layer[] | undefined) => layers?.map(({ name }) => name);
export const named = (name: string): SourceChoice => ({ kind: 'named', name });
export const target = (path = 'o.psd', layerName = 'Awe · 100 %'): SaveTarget => ({
  path,
  layerName,
  above: null,
  isSmartObject: false,
  note: null,
});

/** The document after an edit that maps its samples. */
export async function edited(
  bytes: Uint8Array,
  {
    choice,
    change = (value) => value,
    save = target(),
  }: {
    readonly choice?: SourceChoice;
    readonly change?: (value: number) => number;
    readonly save?: SaveTarget;
  } = {},
): Promise<{ readonly bytes: Uint8Array; readonly notes: readonly string[] }> {
  const document = await documentFrom(bytes, 'a.psd', choice);
  return document.encode(recoloured(document.pixels, change), save);
}

/** The picture with its colours mapped and its transparency as it is. */
export function recoloured(
  { format, data }: PixelBuffer,
  change: (value: number) => number,
): PixelBuffer {
  const copy = data instanceof Uint8Array ? new Uint8Array(data) : data.slice();
  for (let i = 0; i < copy.length; i++) {
    if (format.channels === 4 && i % 4 === 3) continue;
    copy[i] = change(copy[i] as number);
  }
  return { format, data: copy };
}

/** Everything of a file that an edit has to leave as it is. */
export function formerBytes(bytes: Uint8Array) {
  const file = parsePsd(bytes);
  const part = ({ start, end }: Range) =>
    Buffer.from(bytes.subarray(start, end)).toString('base64');
  return {
    header: part({ start: 0, end: 26 }),
    layers: (file.layers.list?.records ?? []).map(({ range, channels }) =>
      [part(range), ...channels.map(({ data }) => part(data))].join('|'),
    ),
    // Two resources have an entry for each layer.
    resources: file.resources
      .filter(({ id }) => id !== 1026 && id !== 1072)
      .map(({ id, block }) => [id, part(block)] as const),
    rest: part(file.layers.rest),
  };
}
