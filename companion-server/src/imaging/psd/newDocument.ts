import type { PixelBuffer } from '@emoeditor/shared';
import { RLE, type Samples } from './channelCodec.ts';
import { encodeLayer, PLAIN_LOOK } from './encodeLayer.ts';
import { layersOf, overGrade, type ResultLayers, solidAlpha } from './insertResult.ts';
import { encodeMerged } from './merged.ts';
import { isOpaque, type LayerPlanes, rangeOf, toPlanes } from './pixels.ts';
import { THUMBNAIL_RESOURCE, thumbnail } from './preview.ts';
import { parsePsd } from './psdFile.ts';
import { backgroundLayer } from './sources.ts';
import { length, resourceBlock, spliced, total } from './splice.ts';

/** Pixels of the thumbnail's longer side, as Photoshop makes it. */
const THUMBNAIL_SIDE = 160;
const RGB = 3;

/**
 * A new document: the photograph as "Background" ("Layer 0" where it is transparent), the result above it.
 * @param photograph 8 or 16 bits in the range of files, 255 or 65535
 * @param resources data by resource number
 * @param isLarge whether it becomes a PSB
 */
export async function newDocument(
  photograph: PixelBuffer,
  result: ResultLayers,
  resources: ReadonlyMap<number, Uint8Array>,
  isLarge: boolean,
): Promise<Uint8Array> {
  const whole = toPlanes(photograph);
  const planes = isOpaque(whole) ? { ...whole, alpha: null } : whole;
  const shown = toPlanes(overGrade(result)).colour;
  const merged = overWhite(shown, planes.alpha);
  const { width, height } = photograph.format;
  const scale = Math.min(1, THUMBNAIL_SIDE / Math.max(width, height));
  const small = {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
  const blocks = [
    ...[...resources].map(([id, data]) => resourceBlock(id, data)),
    resourceBlock(THUMBNAIL_RESOURCE, await thumbnail(merged, photograph.format, small)),
  ];
  const depth = photograph.format.sample === 'uint16' ? 16 : 8;
  const flat = Buffer.concat([
    header(photograph, merged.length, depth, isLarge),
    length(0, false),
    length(total(blocks), false),
    ...blocks,
    length(0, isLarge),
    ...encodeMerged({ planes: merged, compression: RLE }, photograph.format, { depth, isLarge }),
  ]);
  const file = parsePsd(flat);
  const look = { ...PLAIN_LOOK, isClipped: planes.alpha !== null };
  const colour = toPlanes(result.pixels).colour.map((samples, id) => ({ id, samples }));
  const channels = [{ id: -1, samples: solidAlpha(planes) }, ...colour];
  const encoded = [
    bottomLayer(planes, photograph, isLarge),
    ...layersOf(file, { left: 0, top: 0 }, result, { look, channels }),
  ];
  return spliced(file, {
    layers: { above: -1, encoded },
    hidden: null,
    resources: new Map(),
    merged: null,
    isTransparent: planes.alpha !== null,
  });
}

function header(
  { format: { width, height } }: PixelBuffer,
  channels: number,
  depth: number,
  isLarge: boolean,
): Buffer {
  const bytes = Buffer.alloc(26);
  bytes.write('8BPS', 0, 'latin1');
  bytes.writeUInt16BE(isLarge ? 2 : 1, 4);
  bytes.writeUInt16BE(channels, 12);
  bytes.writeUInt32BE(height, 14);
  bytes.writeUInt32BE(width, 18);
  bytes.writeUInt16BE(depth, 22);
  bytes.writeUInt16BE(RGB, 24);
  return bytes;
}

function bottomLayer(planes: LayerPlanes, { format }: PixelBuffer, isLarge: boolean) {
  const { colour, alpha } = planes;
  if (alpha === null) return backgroundLayer(planes, format, isLarge);
  const channels = [alpha, ...colour].map((samples, i) => ({ id: i - 1, samples }));
  const place = { left: 0, top: 0, extent: format };
  return encodeLayer({ name: 'Layer 0', id: 1, ...place, channels, look: PLAIN_LOOK }, isLarge);
}

/** Planes of the merged picture: transparent colours lie over white, with the transparency as a fourth plane. */
function overWhite(colour: LayerPlanes['colour'], alpha: Samples | null): Samples[] {
  if (alpha === null) return [...colour];
  const range = rangeOf(alpha);
  const matted = colour.map((plane) =>
    plane.map((value: number, i: number) => {
      const a = (alpha[i] as number) / range;
      return Math.round(a * value + (1 - a) * range);
    }),
  );
  return [...matted, alpha];
}
