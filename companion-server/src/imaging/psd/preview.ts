import sharp from 'sharp';
import { encodeTone, SRGB_CURVE } from '../colourProfiles.ts';
import type { Samples } from './channelCodec.ts';
import { Cursor } from './cursor.ts';
import { encodeMerged, type Merged, readMerged } from './merged.ts';
import { asSample, type LayerPlanes, rangeOf } from './pixels.ts';
import { type PsdFile, resourceOf } from './psdFile.ts';

const THUMBNAIL = 1036;
const THUMBNAIL_HEADER = 28;

export interface Preview {
  /** The merged picture from its compression on. */
  readonly merged: readonly Uint8Array[];
  readonly thumbnail: Uint8Array | null;
}

/**
 * The pictures that a file shows without drawing its layers, after an edit of what `share` of each pixel is. Null when
 * no pixel of them changes, so that they stay as they are.
 *
 * Merged colours lie over white where the document is transparent, so the change of a pixel is its share times the
 * change of the layer, whatever is above, below or behind it.
 * @param share 0 to 1 for each pixel of the canvas
 */
export async function editedPreview(
  file: PsdFile,
  share: Float32Array,
  before: LayerPlanes,
  after: LayerPlanes,
  place: { readonly left: number; readonly top: number; readonly width: number },
): Promise<Preview | null> {
  const merged = readMerged(file);
  if (!changeMerged(merged.planes, file.header, share, before, after, place)) return null;
  return {
    merged: encodeMerged(merged, file.header, file.header),
    thumbnail: await editedThumbnail(file, merged),
  };
}

function changeMerged(
  merged: readonly Samples[],
  { width, height }: { readonly width: number; readonly height: number },
  share: Float32Array,
  before: LayerPlanes,
  after: LayerPlanes,
  place: { readonly left: number; readonly top: number; readonly width: number },
): boolean {
  let hasChanged = false;
  const rows = before.colour[0].length / place.width;
  for (let k = 0; k < 3; k++) {
    const [plane, old, now] = [merged[k], before.colour[k], after.colour[k]];
    if (plane === undefined || old === undefined || now === undefined) return false;
    const range = rangeOf(plane);
    for (let y = Math.max(0, place.top); y < Math.min(height, place.top + rows); y++) {
      for (let x = Math.max(0, place.left); x < Math.min(width, place.left + place.width); x++) {
        const at = y * width + x;
        const from = (y - place.top) * place.width + x - place.left;
        const change = (share[at] as number) * ((now[from] as number) - (old[from] as number));
        if (change === 0) continue;
        hasChanged = true;
        plane[at] = asSample((plane[at] as number) + change, range);
      }
    }
  }
  return hasChanged;
}

/** The thumbnail of the same size as the file's, or null when it has none. */
async function editedThumbnail(file: PsdFile, merged: Merged): Promise<Uint8Array | null> {
  const old = resourceOf(file, THUMBNAIL);
  if (old === null || old.length < THUMBNAIL_HEADER) return null;
  const cursor = new Cursor(old);
  cursor.skip(4);
  return thumbnail(merged.planes, file.header, { width: cursor.u32(), height: cursor.u32() });
}

/** Data of the resource 1036: a JPEG behind a header. @param planes red, green, blue of the merged picture */
export async function thumbnail(
  planes: readonly Samples[],
  { width, height }: { readonly width: number; readonly height: number },
  extent: { readonly width: number; readonly height: number },
): Promise<Uint8Array> {
  const rgb = Buffer.alloc(width * height * 3);
  for (let k = 0; k < 3; k++) {
    const plane = planes[k] as Samples;
    const level = levelOf(plane);
    for (let i = 0; i < plane.length; i++) rgb[i * 3 + k] = level(plane[i] as number);
  }
  const jpeg = await sharp(rgb, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .resize(extent.width, extent.height, { fit: 'fill' })
    .jpeg({ quality: 80 })
    .toBuffer();
  const rowBytes = (extent.width * 3 + 3) & ~3;
  const header = Buffer.alloc(THUMBNAIL_HEADER);
  const fields = [1, extent.width, extent.height, rowBytes, rowBytes * extent.height, jpeg.length];
  for (const [i, value] of fields.entries()) header.writeUInt32BE(value, i * 4);
  header.writeUInt16BE(24, 24);
  header.writeUInt16BE(1, 26);
  return Buffer.concat([header, jpeg]);
}

/** A sample as 8 bits. Floats are linear light: they get the curve of sRGB. */
function levelOf(plane: Samples): (value: number) => number {
  if (plane instanceof Uint8Array) return (value) => value;
  if (plane instanceof Uint16Array) return (value) => value >> 8;
  return (value) => Math.round(255 * Math.min(1, Math.max(0, encodeTone(SRGB_CURVE, value))));
}

export const THUMBNAIL_RESOURCE = THUMBNAIL;
