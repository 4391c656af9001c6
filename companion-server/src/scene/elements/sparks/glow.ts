import type { Extent } from '@emoeditor/shared';
import type { LightPlanes } from '../elementRenderer.ts';
import { blurredLight } from '../light/blur.ts';
import { placesOf } from '../light/places.ts';
import { drawShapes, OPEN, type ShapeList } from '../shapes/shapes.ts';

/** The light of shapes, spread by the lens and by the air. @param width standard deviation, a share of the long side */
export function glowOf(shapes: ShapeList, extent: Extent, width: number): LightPlanes {
  const light = [0, 1, 2].map(
    () => new Float32Array(extent.width * extent.height),
  ) as unknown as LightPlanes;
  const bounds = { left: 0, top: 0, ...extent };
  drawShapes(shapes, placesOf({ bounds, extent }), light, { mode: 'add', seen: OPEN });
  return blurredLight(light, extent, width);
}
