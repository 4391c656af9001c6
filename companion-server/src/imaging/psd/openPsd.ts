import { annotatedXmp, type PixelBuffer } from '@emoeditor/shared';
import type { EditableDocument, SaveTarget, SourceChoice } from '../editableDocument.ts';
import { ImageError } from '../imageError.ts';
import { checkSize } from '../limits.ts';
import { withNote } from '../metadata/pictureMetadata.ts';
import { pictureExtension, writePicture } from '../writePicture.ts';
import { checkPsdHeader, damagedPsd } from './checkPsdHeader.ts';
import { chooseLayer } from './chooseLayer.ts';
import { documentColour } from './documentColour.ts';
import { overGrade } from './insertResult.ts';
import { listResources } from './layerListResources.ts';
import { layerTree } from './layerTree.ts';
import { checkMerged } from './merged.ts';
import { ICC_RESOURCE, metadataIn, XMP_RESOURCE } from './metadataResources.ts';
import { type LayerPlanes, toPixels, toPlanes } from './pixels.ts';
import { editedPreview, type Preview, THUMBNAIL_RESOURCE } from './preview.ts';
import { type PsdFile, parsePsd, resourceOf } from './psdFile.ts';
import { flatSource, layerSource, type PsdSource, visibleSource } from './sources.ts';
import { spliced } from './splice.ts';

/**
 * Opens a PSD or PSB. A flat one counts as one layer named "Background".
 * @throws ImageError TRUNCATED, TOO_SMALL, TOO_LARGE, UNSUPPORTED, LAYER_NOT_FOUND, LAYER_NOT_PIXELS
 */
export function openPsd(bytes: Uint8Array, name: string, choice: SourceChoice): EditableDocument {
  checkPsdHeader(bytes, name);
  const file = readable(name, () => parsePsd(bytes));
  readable(name, () => checkMerged(file));
  const icc = resourceOf(file, ICC_RESOURCE);
  const colour = documentColour(icc, file.header.depth, name);
  const source = readable(name, () => sourceOf(file, choice, name));
  checkSize(`The layer “${source.name}”`, source.extent);
  const planes = readable(name, () => source.planes());
  const stored = toPixels(planes, source.extent, colour.profile);
  return {
    pixels: colour.toEdit(stored),
    layer: source.name,
    notes: [],
    takesGroup: source.takesGroup(planes),
    checkOutput: (path) => checkEnding(path, name, file.header.isLarge),
    async encode(result, target) {
      if (pictureExtension(target.path) === null) {
        const above =
          target.above?.map((one) => ({ ...one, pixels: colour.toStore(one.pixels, stored) })) ??
          null;
        const pixels = colour.toStore(result, stored);
        return inserted(file, source, planes, pixels, { ...target, above });
      }
      const picture = colour.toPicture(result);
      const what = choice.kind === 'visible' ? 'what is visible' : 'the edited layer alone';
      return {
        bytes: await writePicture(
          picture.pixels,
          picture.icc,
          withNote(metadataIn(file), target.note),
          target.path,
        ),
        notes: [`${target.path} holds ${what}; name it ${ending(file)} to keep all layers.`],
      };
    },
  };
}

const ending = ({ header }: PsdFile) => (header.isLarge ? '.psb' : '.psd');

/** Whatever the parts say of each other that cannot be is damage. */
function readable<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof ImageError) throw cause;
    throw damagedPsd(name, cause);
  }
}

function sourceOf(file: PsdFile, choice: SourceChoice, name: string): PsdSource {
  if (choice.kind === 'visible') return visibleSource(file, name);
  const roots = layerTree(file);
  const wanted = choice.kind === 'named' ? choice.name : null;
  if (roots.length === 0 && (wanted === null || wanted === 'Background')) return flatSource(file);
  return layerSource(file, roots, chooseLayer(roots, wanted, file.header, name));
}

/** A PSB under the name of a PSD would not be opened by what expects a PSD, and the other way round. */
function checkEnding(path: string, name: string, isLarge: boolean): void {
  if (pictureExtension(path) !== null || path.toLowerCase().endsWith(isLarge ? '.psb' : '.psd')) {
    return;
  }
  throw new ImageError(
    'CANNOT_WRITE',
    isLarge
      ? `${name} is a large document (PSB) and stays one, but ${path} does not end in .psb.`
      : `${name} is a PSD and stays one, but ${path} does not end in .psd.`,
    `Give the output the ending ${isLarge ? '.psb' : '.psd'}.`,
  );
}

async function inserted(
  file: PsdFile,
  source: PsdSource,
  planes: LayerPlanes,
  result: PixelBuffer,
  { layerName, above: layersAbove, isSmartObject, note }: SaveTarget,
): Promise<{ bytes: Uint8Array; notes: string[] }> {
  const layersOfResult = { name: layerName, pixels: result, above: layersAbove, isSmartObject };
  const insertion = source.insertion(planes, layersOfResult);
  const notes: string[] = [];
  if (insertion.placement === 'replacing') {
    notes.push(
      `“${source.name}” is hidden now and “${layerName}” stands in its place with the same look: a layer cannot be clipped to it.`,
    );
  }
  const { above, encoded } = insertion.layers;
  const resources = listResources(file, above, encoded.length);
  const after = toPlanes(overGrade(layersOfResult));
  if (note !== null) {
    resources.set(XMP_RESOURCE, Buffer.from(annotatedXmp(metadataIn(file).xmp, note)));
  }
  const preview = await previewOf(file, source, planes, after);
  if (preview === 'unknown') {
    notes.push(
      'The small preview stored in the file shows the document before the edit; Photoshop redraws it when it saves.',
    );
  }
  const drawn = preview === 'unknown' ? null : preview;
  if (drawn?.thumbnail) resources.set(THUMBNAIL_RESOURCE, drawn.thumbnail);
  const merged = drawn?.merged ?? null;
  const { layers, hidden } = insertion;
  return { bytes: spliced(file, { layers, hidden, resources, merged }), notes };
}

/** Unknown also when another layer or the merged picture cannot be decoded: that one is left as it is. */
async function previewOf(
  file: PsdFile,
  source: PsdSource,
  before: LayerPlanes,
  after: LayerPlanes,
): Promise<Preview | null | 'unknown'> {
  const place = { left: source.left, top: source.top, width: source.extent.width };
  try {
    const share = source.share(before);
    return share === null ? 'unknown' : await editedPreview(file, share, before, after, place);
  } catch {
    return 'unknown';
  }
}
