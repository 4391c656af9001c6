import type { Extent } from '@emoeditor/shared';
import type { Plane } from '../../../compositor/planes.ts';
import type { SceneView } from '../elementRenderer.ts';
import { blurred } from '../light/blur.ts';
import { valueAt } from '../light/enlarge.ts';
import { horizonRow, lightSide, sunPlace } from '../light/sceneNumbers.ts';

/** Unit vector: x right, y up, z into the picture. */
export type Direction = readonly [x: number, y: number, z: number];

/** Radius of the Earth in kilometres. */
export const EARTH = 6371;

/**
 * The sky as a camera of normal focal length sees it (53° across the long side), verticals upright. Places are shares of
 * the long side.
 */
export interface SkyFrame {
  /** Size of the maps of the sky. */
  readonly extent: Extent;
  /** Of the picture in shares of its long side. */
  readonly width: number;
  readonly horizon: number;
  /** Share of sky by pixel of those maps, widened a little; pixels at 0 need not be computed. */
  readonly seen: Plane;
}

/**
 * @param pixels how many pixels of sky the maps may have about
 * @param most their greatest long side
 */
export function skyFrame(view: SceneView, pixels: number, most: number): SkyFrame {
  const { extent, maps } = view;
  const side = Math.max(extent.width, extent.height);
  const wide = blurred(maps.planes.sky, extent, 0.02);
  let count = 0;
  for (const value of wide) if (value > 0.01) count++;
  const scale = Math.min(most / side, Math.sqrt(pixels / Math.max(1, count)));
  const small = {
    width: Math.max(8, Math.round(extent.width * scale)),
    height: Math.max(8, Math.round(extent.height * scale)),
  };
  const seen = new Float32Array(small.width * small.height);
  const smallSide = Math.max(small.width, small.height);
  for (let i = 0; i < seen.length; i++) {
    const x = ((i % small.width) + 0.5) / smallSide;
    const y = (Math.floor(i / small.width) + 0.5) / smallSide;
    const value = valueAt(wide, extent, x, y);
    seen[i] = value > 0.01 ? Math.min(1, value) : 0;
  }
  const height = extent.height / side;
  const horizon = Math.min(1.3 * height, Math.max(0.12 * height, horizonRow(view)));
  return { extent: small, width: extent.width / side, horizon, seen };
}

/** Direction in which a place of the picture is seen. */
export function directionAt({ width, horizon }: SkyFrame, x: number, y: number): Direction {
  const dx = x - width / 2;
  const dy = horizon - y;
  const norm = 1 / Math.sqrt(dx * dx + dy * dy + 1);
  return [dx * norm, dy * norm, norm];
}

export function eachSkyPixel(
  frame: SkyFrame,
  visit: (i: number, direction: Direction, x: number, y: number) => void,
): void {
  const { width, height } = frame.extent;
  const side = Math.max(width, height);
  for (let i = 0; i < frame.seen.length; i++) {
    if (frame.seen[i] === 0) continue;
    const x = ((i % width) + 0.5) / side;
    const y = (Math.floor(i / width) + 0.5) / side;
    visit(i, directionAt(frame, x, y), x, y);
  }
}

/** Angles in degrees → direction; azimuth 0 is the middle of the picture, positive to the right. */
export function directionOf(azimuth: number, elevation: number): Direction {
  const a = (azimuth * Math.PI) / 180;
  const e = (elevation * Math.PI) / 180;
  return [Math.sin(a) * Math.cos(e), Math.sin(e), Math.cos(a) * Math.cos(e)];
}

/** Distance in kilometres at which a ray reaches a height above the round Earth. */
export const distanceTo = (rise: number, height: number) =>
  (Math.sqrt(rise * rise + (2 * height) / EARTH) - rise) * EARTH;

/** Where the light of the scene comes from: azimuth of the sun in degrees. */
export function sunAzimuth(view: SceneView, frame: SkyFrame): number {
  const sun = sunPlace(view);
  if (sun === null) return 38 * lightSide(view);
  return (Math.atan2(sun.x - frame.width / 2, 1) * 180) / Math.PI;
}

/** Phase function of Henyey & Greenstein (1941), times 4π. */
export function scatteredTowards(cosine: number, g: number): number {
  const d = 1 + g * g - 2 * g * cosine;
  return (1 - g * g) / (d * Math.sqrt(d));
}
