import type { Extent } from '@emoeditor/shared';
import { type Plane, smoothstep } from '../../../compositor/planes.ts';
import type { SceneMaps } from '../../maps/sceneMaps.ts';
import { findWindows } from '../../maps/windowsPlane.ts';
import type { ElementRenderer, ElementTile, SceneView } from '../elementRenderer.ts';
import { blurred } from '../light/blur.ts';
import { curveOf, onCurve } from '../light/curves.ts';
import { enlargedTo } from '../light/enlarge.ts';
import { hash01 } from '../light/noise.ts';
import { placesOf } from '../light/places.ts';
import {
  horizonRow,
  type Light,
  lightSide,
  luminance,
  luminancePlane,
} from '../light/sceneNumbers.ts';
import { rendered } from '../renderedElement.ts';

interface Night {
  readonly extent: Extent;
  /** Exposure, share of the rods' blue vision, brightness of lamps and of what they throw light on. */
  readonly stops: number;
  readonly blue: number;
  readonly lamps: number;
  readonly pools: number;
  readonly horizon: number;
  /** Side that the moon stands on, −1 or 1. */
  readonly moon: number;
  /** Lit windows, 0 dark … 1, and lamps that are small enough to be lamps. */
  readonly windows: Plane | null;
  readonly lights: Plane;
  /** Luminance between window frames and panes. */
  readonly pane: number;
  /** Light that lamps and windows throw around (on what is there), and scatter (added). */
  readonly thrown: Plane | null;
  readonly glow: Plane | null;
}

const WARM: Light = [1, 0.6, 0.24];
const MOONLIGHT: Light = [0.5, 0.8, 1.42];
const CONES: Light = [0.8, 0.95, 1.22];
const NIGHT_SKY: Light = [0.0035, 0.0075, 0.017];
/** Share of the windows that stay dark. */
const DARK_WINDOWS = 0.28;

/** Tone curve by luminance: deepens shadows, as moonlight does. */
const CONTRAST = curveOf(1, (y) => Math.max(y, 1e-4) ** 0.18);

function prepareNight(
  view: SceneView,
  { stops = 2, blue = 0.9, lamps = 1, pools = 1 }: Record<string, number>,
  seed: number,
): Night {
  const { extent, light, maps } = view;
  const { sky, lights } = maps.planes;
  const luma = luminancePlane(light);
  const tones = luma.map((y) => Math.sqrt(Math.min(1, y)));
  const { windows, pane } = litWindows(tones, maps.planes, luma, extent, seed);
  // Keeps compact lights only: large bright surfaces such as walls and snow are no lamps.
  const wide = blurred(lights, extent, 0.02);
  const small = lights.map(
    (value, i) =>
      value * (1 - smoothstep(0.16, 0.34, wide[i] as number)) * (1 - (sky[i] as number)),
  );
  const emitted = luma.map(
    (y, i) =>
      lamps *
      ((small[i] as number) * smoothstep(0.5, 0.9, Math.sqrt(y)) * y +
        1.25 * ((windows?.[i] as number) ?? 0)),
  );
  const isLit = emitted.some((value) => value > 0.02);
  const [narrow, middle, broad, far] = isLit
    ? [0.004, 0.015, 0.04, 0.11].map((share) => blurred(emitted, extent, share))
    : [];
  const sum = (weights: readonly number[]) =>
    luma.map((_, i) =>
      [narrow, middle, broad, far].reduce(
        (total, plane, k) => total + (weights[k] as number) * (plane?.[i] ?? 0),
        0,
      ),
    );
  return {
    extent,
    ...{ stops, blue, lamps, pools, windows, pane },
    horizon: horizonRow(view),
    moon: lightSide(view),
    lights: small,
    thrown: isLit ? sum([0, 0.3, 1, 1.5]) : null,
    glow: isLit ? sum([0.1, 0.1, 0.07, 0.02]) : null,
  };
}

function litWindows(
  tones: Plane,
  planes: SceneMaps['planes'],
  luma: Plane,
  extent: Extent,
  seed: number,
) {
  const found = findWindows(tones, planes, extent);
  if (found.length === 0) return { windows: null, pane: 0 };
  const windows = new Float32Array(luma.length);
  let [sum, count] = [0, 0];
  for (const [index, { pixels, left, top }] of found.entries()) {
    const chance = hash01(left, top, seed + index);
    const lit =
      chance < DARK_WINDOWS && found.length > 2 ? 0 : 0.55 + 0.45 * hash01(top, left, seed);
    for (const at of pixels) {
      windows[at] = lit;
      sum += luma[at] as number;
      count++;
    }
  }
  return { windows, pane: sum / count };
}

/**
 * Day for night: less light, more contrast, a sky that darkens towards the zenith, and the blue of vision by rods
 * (after Jensen et al. 2000 and Thompson et al. 2002). Panes that are dark by day are lit from inside.
 */
function renderNight(night: Night, tile: ElementTile): void {
  const enlarge = enlargedTo(night.extent, tile);
  const optional = (plane: Plane | null) => (plane === null ? null : enlarge(plane));
  const planes = {
    windows: optional(night.windows),
    lights: enlarge(night.lights),
    thrown: optional(night.thrown),
    glow: optional(night.glow),
    sky: tile.map('sky'),
  };
  const { x, y, width: wide } = placesOf(tile);
  const { width } = tile.bounds;
  const exposure = 2 ** -night.stops;
  const strongSky = Math.min(1, 0.3 + 0.25 * night.stops);
  for (const [row, py] of y.entries()) {
    const above = Math.min(1, Math.max(0, night.horizon - py));
    const zenith = 2 ** (-strongSky * (0.8 + 1.9 * (1 - Math.exp(-above / 0.25))));
    const air = strongSky * (0.35 + 0.65 * Math.exp(-above / 0.2));
    for (let column = 0; column < width; column++) {
      const i = row * width + column;
      const s = planes.sky[i] as number;
      const across = ((x[column] as number) - 0.5 * wide) * night.moon;
      const moon = 1 + 0.6 * (0.9 * Math.min(0.6, Math.max(-0.5, across)) + 0.1);
      pixel(night, tile, planes, i, exposure * moon * (1 + s * (zenith - 1)), s * air);
    }
  }
}

interface NightPlanes {
  readonly windows: Plane | null;
  readonly lights: Plane;
  readonly thrown: Plane | null;
  readonly glow: Plane | null;
  readonly sky: Plane;
}

function pixel(
  night: Night,
  { light }: ElementTile,
  planes: NightPlanes,
  i: number,
  exposure: number,
  air: number,
): void {
  const [red, green, blue] = light;
  const r = red[i] as number;
  const g = green[i] as number;
  const b = blue[i] as number;
  const y = luminance(r, g, b);
  const solid = 1 - (planes.sky[i] as number);
  const lamp = planes.lights[i] as number;
  const white = smoothstep(0.55, 1, y);
  const gain = exposure * onCurve(CONTRAST, y) * (1 - 0.45 * white * (1 - lamp));
  const seen = y * gain;
  const rods = (1 - smoothstep(0.012, 0.22, seen)) * night.blue * 0.9;
  const rod = gain * (0.1 * r + 0.55 * g + 0.42 * b);
  const toe = 1 - 0.2 * Math.exp(-seen / 0.004);
  const pane = planes.windows === null ? 0 : (planes.windows[i] as number) * solid;
  const shine = pane > 0.002 ? pane * paneShare(night, y) : 0;
  const core = lamp * solid * smoothstep(0.35, 0.9, Math.max(r, g, b));
  const thrown = planes.thrown === null ? 0 : night.pools * (planes.thrown[i] as number) * solid;
  const glow = planes.glow === null ? 0 : (planes.glow[i] as number);
  for (let k = 0; k < 3; k++) {
    const plane = light[k] as Plane;
    const day = plane[i] as number;
    const cones = day * gain * (CONES[k] as number);
    const dark =
      cones + rods * (rod * (MOONLIGHT[k] as number) - cones) + air * (NIGHT_SKY[k] as number);
    const warm = WARM[k] as number;
    const emitted = night.lamps * (core * day * (0.6 + 0.4 * warm) + 1.25 * shine * warm);
    plane[i] = dark * toe * (1 - 0.85 * shine) + 0.9 * emitted + (thrown * day + glow) * warm;
  }
}

/**
 * How much a place of a lit window shines, by its luminance by day: dark panes fully, bright frames and curtains
 * little.
 */
const paneShare = ({ pane }: Night, y: number) =>
  0.2 + 0.8 * (1 - smoothstep(1.6 * pane + 0.01, 4 * pane + 0.12, y));

const nightRenderer: ElementRenderer<Night> = { prepare: prepareNight, render: renderNight };

export const nightWindows = rendered(nightRenderer, ['sky'], { overFace: 0.6 });
