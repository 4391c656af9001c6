import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { PixelBuffer } from '@emoeditor/shared';
import { type Psd, writePsdUint8Array } from './agPsd.ts';
import type { EditableDocument } from './editableDocument.ts';
import { ImageError } from './imageError.ts';
import { openPsd } from './psdDocument.ts';
import { isPsd } from './psdHeader.ts';
import { addResource, ICC_RESOURCE } from './psdResources.ts';
import { readPicture } from './readPicture.ts';
import type { SourceImage } from './sourceImage.ts';
import { writePicture } from './writePicture.ts';

/**
 * Opens a photograph or a layered document.
 * @param layer name of the layer to edit in a PSD; the topmost visible pixel layer when null
 * @throws ImageError for every file that cannot be edited, with what to do
 */
export async function openDocument(
  path: string,
  layer: string | null = null,
): Promise<EditableDocument> {
  const name = basename(path);
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new ImageError(
      'CANNOT_READ',
      `${path} cannot be read${reason(cause)}.`,
      'Check the path and the permission to read the file.',
      cause,
    );
  });
  return documentFrom(bytes, name, layer);
}

/** The same from bytes in memory. `name` is what the user calls the file. */
export async function documentFrom(
  bytes: Uint8Array,
  name: string,
  layer: string | null = null,
): Promise<EditableDocument> {
  if (isPsd(bytes)) return openPsd(bytes, name, layer);
  if (layer !== null) {
    throw new ImageError(
      'LAYER_NOT_FOUND',
      `${name} is a flat picture without layers, so it has no layer “${layer}”.`,
      'Leave the layer out, or give a PSD.',
    );
  }
  const source = await readPicture(bytes, name);
  return {
    pixels: source.pixels,
    layer: null,
    notes: source.notes,
    async encode(result, { path, layerName }) {
      if (path.toLowerCase().endsWith('.psd')) {
        return { bytes: layered(source, result, layerName, path), notes: [] };
      }
      return { bytes: await writePicture(result, source.icc, source.density, path), notes: [] };
    },
  };
}

function reason(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return ': there is no such file';
  if (code === 'EISDIR') return ': it is a folder';
  if (code === 'EACCES' || code === 'EPERM') return ': permission was denied';
  return '';
}

/** A new layered document: the photograph as "Background", the result above it. */
function layered(
  source: SourceImage,
  result: PixelBuffer,
  layerName: string,
  path: string,
): Uint8Array {
  const { width, height, sample } = source.pixels.format;
  if (sample !== 'uint8') {
    throw new ImageError(
      'CANNOT_WRITE',
      `${path} would lose bits: PSD files are written with 8 bits per channel but the photograph has 16.`,
      'Give the output the ending .tif or .png, which keep 16 bits.',
    );
  }
  const document: Psd = {
    width,
    height,
    imageData: rgba(result),
    children: [
      { name: 'Background', imageData: rgba(source.pixels) },
      { name: layerName, imageData: rgba(result) },
    ],
  };
  const written = writePsdUint8Array(document, { noBackground: true });
  return source.icc === null ? written : addResource(written, ICC_RESOURCE, source.icc);
}

function rgba({ format, data }: PixelBuffer) {
  const { width, height, channels } = format;
  const out = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    for (let k = 0; k < 3; k++) out[i * 4 + k] = data[i * channels + k] as number;
    out[i * 4 + 3] = channels === 4 ? (data[i * 4 + 3] as number) : 255;
  }
  return { width, height, data: out };
}
