import type { Extent } from './geometry.ts';

/** Longest side in short sides: a panorama is squeezed rather than given more memory than a square picture. */
const MAX_ASPECT = 4;

/**
 * Working size of a picture: about `area` pixels at the picture's own aspect, both sides multiples of `multiple`.
 * Beyond 4:1 the aspect is squeezed.
 */
export function workingExtent({ width, height }: Extent, area: number, multiple: number): Extent {
  const aspect = Math.min(MAX_ASPECT, Math.max(1 / MAX_ASPECT, width / height));
  const snap = (side: number) => Math.max(multiple, Math.round(side / multiple) * multiple);
  return { width: snap(Math.sqrt(area * aspect)), height: snap(Math.sqrt(area / aspect)) };
}

/** Longest side of the picture that a scene's elements are prepared from: reflections and panes are sharp at it. */
const STAGE_SIDE = 640;

/** Least ratio to the working area at which a larger picture is worth its bytes. */
const WORTHWHILE = 1.3;

/**
 * Size of the picture that an edit is asked for with, where elements may be added to its scene: larger than the model
 * sees it, which scales it down itself. A photograph that is small enough is sent as it is: scaled by a pixel or two, it
 * would be softer than what the elements are drawn on in the end.
 */
export function sceneProxyExtent(
  { width, height }: Extent,
  workingArea: number,
  sizeMultiple: number,
): Extent {
  const scale = Math.min(1, STAGE_SIDE / Math.max(width, height));
  const area = width * height * scale * scale;
  return area < WORTHWHILE * workingArea
    ? workingExtent({ width, height }, workingArea, sizeMultiple)
    : workingExtent({ width, height }, area, 1);
}
