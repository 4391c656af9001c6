import type { Extent } from '@emoeditor/shared';
import { fastestArithmetic } from '../../compositor/fit/fastestArithmetic.ts';
import { channelPlanes, type Plane } from '../../compositor/planes.ts';
import { type ClassPlanes, followingEdges } from './classPlanes.ts';
import { footPlane } from './footPlane.ts';

/** Weights of the cues of nearness, fitted by training/scene_maps/depth.py on pairs of points, the nearer one named by eye. */
const LOWER = 0.7;
const FOOT_LOWER = 3.5;
const HAZY = -1.7;
const SHARP = 0.1;
const SKY = -1.7;
const PERSON = 0.2;
const THING = 1.4;
const FOREGROUND = 1.8;
/** Pixels of the cues' windows where the picture has so many pixels, root of the area. */
const MEASURED_AT = 256;
/** Greatest depth of what is not sky, so that it always lies before the sky. */
const FARTHEST = 0.92;
/** Share of the pixels at either end of the scale that may be clipped. */
const TAIL = 0.02;

/**
 * How far away each pixel is, 0 near to 1 (the sky): standing lower in the picture, less haze, sharper, not sky, a
 * thing and cut out by the selfie network mean nearer. An order within the picture, not a distance.
 * @param rgb planar [3, H, W] in [0, 1]
 */
export function depthPlane(
  rgb: Float32Array,
  guide: Plane,
  classes: ClassPlanes,
  foreground: Plane,
  extent: Extent,
): Plane {
  const { width, height } = extent;
  const { sky, person, other } = classes;
  const feet = footPlane(classes, extent);
  const filters = fastestArithmetic();
  const unit = Math.sqrt(width * height) / MEASURED_AT;
  const [red, green, blue] = channelPlanes(rgb);
  const bright = guide.map(
    (_, i) => 1 - Math.min(red[i] as number, green[i] as number, blue[i] as number),
  );
  // The dark channel (He et al. 2009): the darkest colour around; haze lifts it.
  const dark = filters.gaussian(
    filters.dilate(bright, extent, Math.round(4 * unit)),
    extent,
    6 * unit,
  );
  const smooth = filters.gaussian(guide, extent, 1.5 * unit);
  const detail = filters.gaussian(
    guide.map((value, i) => Math.abs(value - (smooth[i] as number))),
    extent,
    8 * unit,
  );
  const nearness = guide.map(
    (_, i) =>
      LOWER * (Math.floor(i / width) / height) +
      FOOT_LOWER * (feet[i] as number) +
      HAZY * (1 - (dark[i] as number)) +
      SHARP * Math.log((detail[i] as number) + 0.003) +
      SKY * (sky[i] as number) +
      PERSON * (person[i] as number) +
      THING * (other[i] as number) +
      FOREGROUND * (foreground[i] as number),
  );
  const { low, high } = rangeOf(nearness, sky);
  const far = nearness.map((value) =>
    Math.min(1, Math.max(0, ((high - value) / Math.max(high - low, 1e-3)) * FARTHEST)),
  );
  const filtered = followingEdges(guide, far, extent, 8, 2e-3);
  return filtered.map((value, i) => value + (sky[i] as number) * (1 - value));
}

/** Ends of the scale, over what is not sky. */
function rangeOf(nearness: Plane, sky: Plane): { low: number; high: number } {
  const solid = nearness.filter((_, i) => (sky[i] as number) < 0.5);
  const sorted = (solid.length > 0 ? solid : nearness.slice()).sort();
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] as number;
  return { low: at(TAIL), high: at(1 - TAIL) };
}
