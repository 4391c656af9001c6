import { type DocumentFacts, layeredPhotograph, loadPsd } from '@emoeditor/fake-photoshop';

export interface Opened {
  readonly facts: DocumentFacts;
  readonly content: ReturnType<typeof layeredPhotograph>;
}

/** Bigger documents would freeze the page: its flattening is plain JavaScript. */
const MAX_PIXELS = 40_000_000;

/**
 * A picture as a layered document, or a PSD with its own layers.
 * @throws Error in a sentence for the person who chose the file
 */
export async function openFile(file: Blob, name: string): Promise<Opened> {
  if (/\.psd$/i.test(name)) {
    try {
      return loadPsd(await file.arrayBuffer(), name);
    } catch {
      throw new Error(`“${name}” cannot be read as a PSD. The studio opens 8-bit RGB documents.`);
    }
  }
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new Error(
      `“${name}” is not a picture that this browser can open. Try a JPEG, PNG or PSD.`,
    );
  });
  const { width, height } = bitmap;
  if (width * height > MAX_PIXELS) {
    throw new Error(
      `“${name}” has ${Math.round((width * height) / 1e6)} megapixels; the studio opens up to 40.`,
    );
  }
  const context = contextOf(width, height);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const rgba = new Uint8Array(context.getImageData(0, 0, width, height).data);
  return {
    facts: { name, width, height, depth: 8, profile: 'sRGB IEC61966-2.1', mode: 'RGBColorMode' },
    content: layeredPhotograph(rgba, width, height),
  };
}

/** JPEG for the panel's previews, as Photoshop's `encodeImageData` makes one. */
export async function encodeJpeg(
  rgb: Uint8Array,
  width: number,
  height: number,
): Promise<Uint8Array> {
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) {
    for (let k = 0; k < 3; k++) rgba[i * 4 + k] = rgb[i * 3 + k] as number;
  }
  return encode({ width, height, rgba }, 'image/jpeg');
}

export const encodePng = (picture: RgbaPicture): Promise<Uint8Array<ArrayBuffer>> =>
  encode(picture, 'image/png');

interface RgbaPicture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray;
}

async function encode(
  { width, height, rgba }: RgbaPicture,
  type: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const context = contextOf(width, height);
  context.putImageData(new ImageData(new Uint8ClampedArray(rgba), width, height), 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => {
    context.canvas.toBlob(resolve, type, 0.9);
  });
  if (blob === null) throw new Error('The browser could not encode the picture.');
  return new Uint8Array(await blob.arrayBuffer());
}

function contextOf(width: number, height: number): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('The browser has no memory for a canvas of this size.');
  return context;
}
