import { type PixelBuffer, type PixelData, SRGB_PROFILE } from '@emoeditor/shared';
import { lumaPlane } from '../compositor/planes.ts';
import { documentSpace, type RgbSpace } from '../imaging/colourProfiles.ts';
import { convertPlanar } from '../imaging/convertPlanar.ts';
import type { ScenePicture } from '../scene/maps/readScene.ts';
import { type RefinedMap, refinedMap } from '../scene/maps/refineMap.ts';
import { SCENE_MAPS, type SceneMaps } from '../scene/maps/sceneMaps.ts';
import { planar } from './sceneOverlay.ts';

/** Rows at a time: a few megabytes. */
const STRIP_ROWS = 128;
const SRGB = documentSpace(SRGB_PROFILE) as RgbSpace;

/** Every map as a grey picture of the photograph's size. */
export async function masksOf(
  pixels: PixelBuffer,
  proxy: ScenePicture,
  maps: SceneMaps,
): Promise<Map<string, PixelBuffer>> {
  const space = documentSpace(pixels.format.profile) ?? SRGB;
  const guide = lumaPlane(await convertPlanar(planar(proxy.rgb), SRGB, space));
  return new Map(
    SCENE_MAPS.map((name) => [name, maskOf(pixels, refinedMap(maps, maps.planes[name], guide))]),
  );
}

function maskOf({ format, data }: PixelBuffer, refined: RefinedMap): PixelBuffer {
  const { width, height, channels } = format;
  const row = width * channels;
  const grey = new Uint8Array(width * height * 3);
  for (let top = 0; top < height; top += STRIP_ROWS) {
    const rows = Math.min(STRIP_ROWS, height - top);
    const tile: PixelBuffer = {
      format: { ...format, height: rows },
      data: data.subarray(top * row, (top + rows) * row) as PixelData,
    };
    const bounds = { left: 0, top, width, height: rows };
    putGrey(grey, top * width, refined(tile, { bounds, extent: { width, height } }));
  }
  return greyPicture(grey, width, height);
}

/** The maps in the order of SCENE_MAPS, one below the other, at the size that they were read at. */
export function stripOf({ planes, extent: { width, height } }: SceneMaps): PixelBuffer {
  const grey = new Uint8Array(width * height * SCENE_MAPS.length * 3);
  for (const [k, name] of SCENE_MAPS.entries()) putGrey(grey, k * width * height, planes[name]);
  return greyPicture(grey, width, height * SCENE_MAPS.length);
}

function putGrey(rgb: Uint8Array, from: number, values: Float32Array): void {
  for (let i = 0; i < values.length; i++) {
    const level = Math.round(255 * (values[i] as number));
    const at = (from + i) * 3;
    rgb[at] = level;
    rgb[at + 1] = level;
    rgb[at + 2] = level;
  }
}

const greyPicture = (data: Uint8Array, width: number, height: number): PixelBuffer => ({
  format: { width, height, channels: 3, sample: 'uint8', range: 255, profile: SRGB_PROFILE },
  data,
});
