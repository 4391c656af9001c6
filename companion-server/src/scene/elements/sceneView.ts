import { type Extent, type PixelBuffer, SRGB_PROFILE } from '@emoeditor/shared';
import { channelPlanes, lumaPlane, type Plane } from '../../compositor/planes.ts';
import { refinedMap } from '../maps/refineMap.ts';
import { SCENE_MAPS, type SceneMapName, type SceneMaps } from '../maps/sceneMaps.ts';
import type { LightPlanes, SceneView } from './elementRenderer.ts';
import { srgbLinear, srgbTone } from './light/documentLight.ts';
import { matteSky, skyColour } from './skyMatte.ts';

/**
 * A picture as a scene that elements are prepared from.
 * @param rgb the graded picture, planar [3, H, W] of sRGB in [0, 1]
 * @param source the photograph in the same form: what the maps' edges follow
 * @param maps as they were read, of whatever size
 */
export function sceneView(
  rgb: Float32Array,
  source: Float32Array,
  extent: Extent,
  maps: SceneMaps,
): SceneView {
  const enlarged = enlargedMaps(source, extent, maps);
  const { sky } = enlarged.planes;
  const colour = skyColour(source, sky, extent);
  if (colour !== null) matteSky(sky, channelPlanes(source), colour);
  return { extent, light: lightOf(rgb), maps: enlarged, skyColour: colour };
}

/** The maps at another size: their borders follow the edges of the picture given. @param rgb planar sRGB */
function enlargedMaps(rgb: Float32Array, extent: Extent, maps: SceneMaps): SceneMaps {
  const { width, height } = extent;
  const pixels = width * height;
  const data = new Float32Array(3 * pixels);
  for (let i = 0; i < pixels; i++) {
    for (let k = 0; k < 3; k++) data[3 * i + k] = rgb[k * pixels + i] as number;
  }
  const kind = { channels: 3, sample: 'float32', range: 1, profile: SRGB_PROFILE } as const;
  const tile: PixelBuffer = { format: { ...extent, ...kind }, data };
  const place = { bounds: { left: 0, top: 0, ...extent }, extent };
  const planes = Object.fromEntries(
    SCENE_MAPS.map((name) => [name, refinedMap(maps, maps.planes[name], maps.guide)(tile, place)]),
  ) as Record<SceneMapName, Plane>;
  return { ...maps, extent, guide: lumaPlane(rgb), planes };
}

/** Planar sRGB [3, H, W] in [0, 1] as linear light. */
export function lightOf(rgb: Float32Array): LightPlanes {
  const pixels = rgb.length / 3;
  return [0, 1, 2].map((k) => {
    const plane = rgb.slice(k * pixels, (k + 1) * pixels);
    for (let i = 0; i < plane.length; i++) plane[i] = srgbLinear(plane[i] as number);
    return plane;
  }) as unknown as LightPlanes;
}

/** Linear light as planar sRGB [3, H, W] in [0, 1]. */
export function tonesOf(light: LightPlanes): Float32Array {
  const [{ length }] = light;
  const out = new Float32Array(3 * length);
  for (const [k, plane] of light.entries()) {
    for (let i = 0; i < length; i++) out[k * length + i] = srgbTone(plane[i] as number);
  }
  return out;
}
