import type { Extent } from '@emoeditor/shared';
import { fastestArithmetic } from '../../compositor/fit/fastestArithmetic.ts';
import { channelPlanes, type Plane, smoothstep } from '../../compositor/planes.ts';
import type { ClassPlanes } from './classPlanes.ts';
import type { SceneClass } from './sceneNetworks.ts';

/** Greatest side of a light, as a share of the square root of the picture's area. */
const LARGEST = 0.035;
/**
 * Ranges over which a pixel changes from no light to certainly one: contrast to its surroundings within that distance,
 * and brightness.
 */
const CONTRAST = [0.15, 0.35] as const;
const BRIGHT = [0.6, 0.85] as const;
/** Brightness of the surroundings up to which a light is certain, and from which there is none. */
const SURROUNDINGS = [0.35, 0.6] as const;
/** Classes without lamps: sun and moon are none, nor are glittering leaves and waves. */
const NO_LAMPS = ['sky', 'vegetation', 'water'] as const satisfies readonly SceneClass[];
/** Factor of a light where the maps show those classes alone. */
const LEFT = 0.1;

/**
 * Lamps, lit windows and highlights: compact, bright, in front of something darker.
 * @param rgb planar [3, H, W] in [0, 1]
 */
export function lightsPlane(rgb: Float32Array, classes: ClassPlanes, extent: Extent): Plane {
  const filters = fastestArithmetic();
  const radius = Math.max(1, Math.round(LARGEST * Math.sqrt(extent.width * extent.height)));
  const [red, green, blue] = channelPlanes(rgb);
  // The largest channel counts as well, so that coloured lamps are bright.
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
