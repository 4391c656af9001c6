import type { PixelBuffer } from '@emoeditor/shared';
import { encodeLayer, PLAIN_LOOK } from './encodeLayer.ts';
import { flatDocument, overWhite } from './flatDocument.ts';
import { layersOf, overGrade, type ResultLayers, solidAlpha } from './insertResult.ts';
import { isOpaque, type LayerPlanes, toPlanes } from './pixels.ts';
import { THUMBNAIL_RESOURCE, thumbnail } from './preview.ts';
import { parsePsd } from './psdFile.ts';
import { backgroundLayer } from './sources.ts';
import { spliced } from './splice.ts';

/** Pixels of the thumbnail's longer side, as Photoshop makes it. */
const THUMBNAIL_SIDE = 160;

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
  const picture = await thumbnail(merged, photograph.format, small);
  const all = new Map([...resources, [THUMBNAIL_RESOURCE, picture]]);
  const file = parsePsd(flatDocument(merged, photograph.format, all, isLarge));
  const look = { ...PLAIN_LOOK, isClipped: planes.alpha !== null };
  const colour = toPlanes(result.pixels).colour.map((samples, id) => ({ id, samples }));
  const alpha = solidAlpha(planes);
  const channels = [{ id: -1, samples: alpha }, ...colour];
  const made = layersOf(file, { left: 0, top: 0 }, result, { look, channels, alpha });
  const encoded = [bottomLayer(planes, photograph, isLarge), ...made.encoded];
  return spliced(file, {
    layers: { above: -1, encoded, linked: made.linked },
    hidden: null,
    resources: new Map(),
    merged: null,
    isTransparent: planes.alpha !== null,
  });
}

function bottomLayer(planes: LayerPlanes, { format }: PixelBuffer, isLarge: boolean) {
  const { colour, alpha } = planes;
  if (alpha === null) return backgroundLayer(planes, format, isLarge);
  const channels = [alpha, ...colour].map((samples, i) => ({ id: i - 1, samples }));
  const place = { left: 0, top: 0, extent: format };
  return encodeLayer({ name: 'Layer 0', id: 1, ...place, channels, look: PLAIN_LOOK }, isLarge);
}
