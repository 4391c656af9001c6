import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type EditableDocument, type SourceChoice, TOPMOST } from './editableDocument.ts';
import { ImageError } from './imageError.ts';
import { withNote } from './metadata/pictureMetadata.ts';
import { isPsd } from './psd/checkPsdHeader.ts';
import { resourcesOf } from './psd/metadataResources.ts';
import { newDocument } from './psd/newDocument.ts';
import { openPsd } from './psd/openPsd.ts';
import { isOpaquePicture } from './psd/pixels.ts';
import { readPicture } from './readPicture.ts';
import { writePicture } from './writePicture.ts';

/**
 * Opens a photograph or a layered document.
 * @param choice what of a PSD is edited
 * @throws ImageError for every file that cannot be edited, with what to do
 */
export async function openDocument(
  path: string,
  choice: SourceChoice = TOPMOST,
): Promise<EditableDocument> {
  const name = basename(path);
  const found = await stat(path).catch(() => null);
  if (found !== null && !found.isFile() && !found.isDirectory()) throw noFile(path);
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new ImageError(
      'CANNOT_READ',
      `${path} cannot be read${reason(cause)}.`,
      'Check the path and the permission to read the file.',
      cause,
    );
  });
  return documentFrom(bytes, name, choice);
}

/** The same from bytes in memory. `name` is what the user calls the file. */
export async function documentFrom(
  bytes: Uint8Array,
  name: string,
  choice: SourceChoice = TOPMOST,
): Promise<EditableDocument> {
  if (isPsd(bytes)) return openPsd(bytes, name, choice);
  if (choice.kind === 'named') {
    throw new ImageError(
      'LAYER_NOT_FOUND',
      `${name} is a flat picture without layers, so it has no layer “${choice.name}”.`,
      'Leave the layer out, or give a PSD.',
    );
  }
  const source = await readPicture(bytes, name);
  return {
    pixels: source.pixels,
    layer: null,
    notes: source.notes,
    takesGroup: isOpaquePicture(source.pixels),
    checkOutput() {},
    async encode(result, { path, layerName, above, isSmartObject, note }) {
      const { icc } = source;
      const metadata = withNote(source.metadata, note);
      if (!isLayered(path)) {
        return { bytes: await writePicture(result, icc, metadata, path), notes: [] };
      }
      const layers = { name: layerName, pixels: result, above, isSmartObject };
      const isLarge = path.toLowerCase().endsWith('.psb');
      const resources = resourcesOf(icc, metadata, source.pixels.format);
      return { bytes: await newDocument(source.pixels, layers, resources, isLarge), notes: [] };
    },
  };
}

/** True for a path whose file holds layers. */
export const isLayered = (path: string) => /\.ps[db]$/i.test(path);

/** A pipe or a device, which may block whoever reads it, or never end. */
const noFile = (path: string) =>
  new ImageError(
    'CANNOT_READ',
    `${path} cannot be read: it is a pipe or a device.`,
    'Give the name of a file.',
  );

function reason(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return ': there is no such file';
  if (code === 'EISDIR') return ': it is a folder';
  if (code === 'EACCES' || code === 'EPERM') return ': permission was denied';
  return '';
}
