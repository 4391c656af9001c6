import type { Extent } from '@emoeditor/shared';
import { fastestArithmetic } from '../../compositor/fit/fastestArithmetic.ts';
import { channelPlanes, type Plane, smoothstep } from '../../compositor/planes.ts';
import type { ClassPlanes } from './classPlanes.ts';
import type { SceneClass } from './sceneNetworks.ts';

/** Share of the root of the area that a light may measure each way. */
const LARGEST = 0.035;
/** How much brighter than everything around within that distance, and how bright, a light is: from, and for certain. */
const CONTRAST = [0.15, 0.35] as const;
const BRIGHT = [0.6, 0.85] as const;
/** How bright its surroundings may be at most: without doubt, and at all. */
const SURROUNDINGS = [0.35, 0.6] as const;
/** The sun and the moon are no lamps, nor are leaves and waves that glitter. */
const NO_LAMPS = ['sky', 'vegetation', 'water'] as const satisfies readonly SceneClass[];
/** How much of a light is left where nothing else is seen than what cannot be a lamp. */
const LEFT = 0.1;

/**
 * Lamps, lit windows and highlights: compact, bright, in front of something darker.
 * @param rgb planar [3, H, W] in [0, 1]
 */
export function lightsPlane(rgb: Float32Array, classes: ClassPlanes, extent: Extent): Plane {
  const filters = fastestArithmetic();
  const radius = Math.max(1, Math.round(LARGEST * Math.sqrt(extent.width * extent.height)));
  const [red, green, blue] = channelPlanes(rgb);
  // A coloured lamp is bright in its own colour.
  const bright = red.map((r, i) => 0.5 * (r + Math.max(r, green[i] as number, blue[i] as number)));
  const complement = bright.map((value) => 1 - value);
  const eroded = filters.dilate(complement, extent, radius).map((value) => 1 - value);
  const opened = filters.dilate(eroded, extent, radius);
  const around = filters.gaussian(bright, extent, 1.5 * radius);
  return bright.map((value, i) => {
    const unlike = NO_LAMPS.reduce((sum, name) => sum + (classes[name][i] as number), 0);
    return (
      smoothstep(...CONTRAST, value - (opened[i] as number)) *
      smoothstep(...BRIGHT, value) *
      (1 - smoothstep(...SURROUNDINGS, around[i] as number)) *
      (1 - (1 - LEFT) * Math.min(1, unlike))
    );
  });
}
