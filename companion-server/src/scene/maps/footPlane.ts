import type { Extent } from '@emoeditor/shared';
import type { Plane } from '../../compositor/planes.ts';
import type { ClassPlanes } from './classPlanes.ts';
import { SCENE_CLASSES, type SceneClass } from './sceneNetworks.ts';

/**
 * What stands on something: as far away as the place where it ends below. Vegetation is no such class: a meadow and the
 * wooded slope behind it are one area, and the slope would come out as near as the grass at one's feet.
 */
const STANDING: ReadonlySet<SceneClass> = new Set(['building', 'person', 'other']);

/**
 * How low each pixel's foot lies, in shares of the height from the top: of what stands, the lower end of its class in
 * the column of pixels; of ground, water, vegetation and sky the pixel itself.
 */
export function footPlane(classes: ClassPlanes, { width, height }: Extent): Plane {
  const shown = strongest(classes, width * height);
  const feet = new Float32Array(width * height);
  for (let i = feet.length - 1; i >= 0; i--) {
    const below = i + width;
    const isOnIt =
      below < feet.length &&
      shown[i] === shown[below] &&
      STANDING.has(SCENE_CLASSES[shown[i] as number] as SceneClass);
    feet[i] = isOnIt ? (feet[below] as number) : (Math.floor(i / width) + 1) / height;
  }
  return feet;
}

/** The class that each pixel shows most of, by its place in SCENE_CLASSES. */
function strongest(classes: ClassPlanes, pixels: number): Uint8Array {
  const shown = new Uint8Array(pixels);
  for (let i = 0; i < pixels; i++) {
    let most = -1;
    for (const [k, name] of SCENE_CLASSES.entries()) {
      const share = classes[name][i] as number;
      if (share > most) {
        most = share;
        shown[i] = k;
      }
    }
  }
  return shown;
}
