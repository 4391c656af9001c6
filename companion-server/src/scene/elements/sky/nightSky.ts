import type { Plane } from '../../../compositor/planes.ts';
import type { LightPlanes, SceneView } from '../elementRenderer.ts';
import { type Light, luminancePlane, percentile } from '../light/sceneNumbers.ts';
import { type Backdrop, backdrop, grainOf, isNight } from './backdrop.ts';
import { eachSkyPixel, type SkyFrame } from './skyFrame.ts';

const ZENITH: Light = [0.003, 0.006, 0.0155];
const LOW: Light = [0.016, 0.026, 0.046];
/** Glow of a town far away, low in the sky. */
const TOWN: Light = [0.06, 0.034, 0.016];
/** Median luminance of a ground by night. */
const GROUND = 0.017;
/** A ground whose 90th percentile of luminance is below this is dark enough already: no sun shines on it. */
const DARK_ALREADY = 0.08;

/** What an element adds to the night sky's gradient. */
export interface NightLook {
  /** Light added to the sky, by pixel of the frame. */
  readonly added: LightPlanes | null;
  /** Factor of the gradient, and of the town's glow. */
  readonly sky: number;
  readonly town: number;
  /** Light that falls on the ground, as a factor. */
  readonly ground: Light;
}

/**
 * A clear night sky over a darkened ground; where the photograph shows a night sky, only what is added to it.
 * @param whole at working size; `view` the same, smaller
 */
export function nightBackdrop(
  whole: SceneView,
  view: SceneView,
  frame: SkyFrame,
  look: NightLook,
  seed: number,
): Backdrop {
  const keepsSky = isNight(view);
  const light = nightGradient(frame, keepsSky ? 0 : look.sky, look.town);
  if (look.added !== null) {
    for (const [k, plane] of light.entries()) {
      const more = look.added[k] as Plane;
      for (let i = 0; i < plane.length; i++) plane[i] = (plane[i] as number) + (more[i] as number);
    }
  }
  const solid = luminancePlane(view.light).filter(
    (_, i) => (view.maps.planes.sky[i] as number) < 0.3,
  );
  const median = solid.length > 0 ? percentile(solid, 0.5) : 0.2;
  const bright = solid.length > 0 ? percentile(solid, 0.9) : 0.5;
  const night =
    bright < DARK_ALREADY
      ? null
      : Math.min(0.35, Math.max(0.03, GROUND / (0.76 * Math.max(median, 1e-3))));
  const ground = { gain: look.ground, flatten: night === null ? 0 : 0.3, night, veil: 0.12 };
  const sky = { extent: frame.extent, light };
  return { ...backdrop(view, sky, ground, frame.horizon, grainOf(whole), seed), keepsSky };
}

function nightGradient(frame: SkyFrame, sky: number, town: number): LightPlanes {
  const planes = [0, 1, 2].map(() => new Float32Array(frame.seen.length)) as unknown as LightPlanes;
  if (sky === 0) return planes;
  eachSkyPixel(frame, (i, [dx, dy, dz]) => {
    const elevation = (Math.asin(Math.max(0, dy)) * 180) / Math.PI;
    const azimuth = (Math.atan2(dx, dz) * 180) / Math.PI;
    const fade = Math.exp(-elevation / 11);
    const glow = town * Math.exp(-elevation / 4) * Math.exp(-(((azimuth + 12) / 22) ** 2));
    for (let k = 0; k < 3; k++) {
      const zenith = ZENITH[k] as number;
      const clear = zenith + ((LOW[k] as number) - zenith) * fade;
      (planes[k] as Plane)[i] = sky * (clear + glow * (TOWN[k] as number));
    }
  });
  return planes;
}
