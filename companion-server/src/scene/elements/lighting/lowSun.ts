import type { Extent } from '@emoeditor/shared';
import { type Plane, smoothstep } from '../../../compositor/planes.ts';
import { shareOf } from '../../maps/sceneMaps.ts';
import type { ElementRenderer, ElementTile, SceneView } from '../elementRenderer.ts';
import { blurred } from '../light/blur.ts';
import { enlargedTo, valueAt } from '../light/enlarge.ts';
import { hash01 } from '../light/noise.ts';
import { inLongSides, placesOf } from '../light/places.ts';
import {
  distanceOf,
  horizonRow,
  type Light,
  lightSide,
  luminance,
  luminancePlane,
  type Place,
  percentile,
  sunPlace,
} from '../light/sceneNumbers.ts';
import { rendered } from '../renderedElement.ts';

interface LowSun {
  readonly extent: Extent;
  readonly warmth: number;
  readonly contrast: number;
  readonly rim: number;
  readonly flare: number;
  readonly sun: Place;
  /** Unit vector towards the sun. */
  readonly towards: Place;
  /** Greatest key light inside the picture. */
  readonly brightest: number;
  readonly horizon: number;
  /** Local mean of the light and median of the picture. */
  readonly around: Plane;
  readonly median: number;
  /**
   * The background (all but the subject), softened, and its light: sources of the rim light. Null without a subject.
   */
  readonly behind: Plane | null;
  readonly behindLight: Plane | null;
}

/** Distance over which the key light falls to 1/e. */
const REACH = 0.62;
/** Steps towards the sun at which a rim looks for the background, and their weights. */
const RIM_STEPS = [
  [0.002, 0.5],
  [0.0045, 0.35],
  [0.009, 0.15],
] as const;
const FLARE: Light = [0.62, 0.36, 0.13];
const RIM: Light = [0.9, 0.594, 0.27];
const WARM_SKY: Light = [1.14, 0.78, 0.55];
const COOL_SKY: Light = [0.92, 0.94, 1];
const SKY_SHARE = 0.85;

function prepareLowSun(
  view: SceneView,
  { warmth = 0.85, contrast = 0.75, rim = 0.9, flare = 0.5 }: Record<string, number>,
  seed: number,
): LowSun {
  const { extent, light, maps } = view;
  const luma = luminancePlane(light);
  const { width, height } = inLongSides(extent);
  const found = sunPlace(view);
  const sun = found ?? outside(lightSide(view), width, height, seed);
  const [dx, dy] = [sun.x - width / 2, sun.y - height / 2];
  const length = Math.max(1e-6, Math.hypot(dx, dy));
  const nearest = Math.hypot(
    Math.max(0, sun.x - width, -sun.x),
    Math.max(0, sun.y - height, -sun.y),
  );
  const hasSubject = shareOf(maps.planes.subject) > 0.005;
  const behind = hasSubject ? maps.planes.subject.map((value) => 1 - value) : null;
  const lightBehind = behind?.map((value, i) => (value > 0.5 ? (luma[i] as number) : 0)) ?? null;
  return {
    extent,
    ...{ warmth, contrast, rim, flare, sun },
    towards: { x: dx / length, y: dy / length },
    brightest: Math.exp(-nearest / REACH),
    horizon: horizonRow(view),
    around: blurred(luma, extent, 0.012),
    median: percentile(luma, 0.5) + 0.03,
    behind: behind === null ? null : blurred(behind, extent, 0.0008),
    behindLight: lightBehind === null ? null : blurred(lightBehind, extent, 0.02),
  };
}

/** Place of the sun: just outside the picture, low on the side that is lit already. */
function outside(side: number, width: number, height: number, seed: number): Place {
  const up = Math.tan(((10 + 20 * hash01(5, 6, seed)) * Math.PI) / 180);
  const reach = 1.12 * (width / 2);
  return { x: width / 2 + side * reach, y: height / 2 - up * reach };
}

/** The sun's light at one place. */
interface Lit {
  readonly key: number;
  readonly flare: number;
  readonly sky: number;
  readonly skyKey: number;
}

function renderLowSun(low: LowSun, tile: ElementTile): void {
  const around = enlargedTo(low.extent, tile)(low.around);
  const sky = tile.map('sky');
  const depth = tile.map('depth');
  const subject = low.behind === null ? null : tile.map('subject');
  const { x, y } = placesOf(tile);
  const { width } = tile.bounds;
  for (const [row, py] of y.entries()) {
    const haze = Math.exp(-Math.max(0, low.horizon - py) / 0.14);
    for (let column = 0; column < width; column++) {
      const i = row * width + column;
      const px = x[column] as number;
      const dx = px - low.sun.x;
      const dy = py - low.sun.y;
      const r = Math.sqrt(dx * dx + dy * dy);
      const key = Math.exp(-r / REACH) / low.brightest;
      const air = 1.35 - 0.65 * Math.exp(0.4 - 0.5 * distanceOf(depth[i] as number));
      const wide = Math.exp(-r / 0.35);
      const lit = {
        key,
        flare: Math.max(
          0,
          low.flare * (0.75 * wide * wide * wide + 0.34 * wide + 0.04) * (air - 0.35),
        ),
        sky: (sky[i] as number) * SKY_SHARE,
        skyKey: Math.min(1, 0.75 * haze + 0.8 * wide) * SKY_SHARE,
      };
      const s = subject === null ? 0 : (subject[i] as number);
      const rim = s > 0.02 ? rimAt(low, s, px, py) * (0.25 + 0.75 * key) : 0;
      pixel(low, tile, i, around[i] as number, lit, rim);
    }
  }
}

/** Rim light on the subject's edge, where the background lies towards the sun. */
function rimAt(
  { extent, towards, behind, behindLight, rim }: LowSun,
  subject: number,
  x: number,
  y: number,
): number {
  if (behind === null || behindLight === null) return 0;
  let edge = 0;
  for (const [step, weight] of RIM_STEPS) {
    const open = valueAt(behind, extent, x + towards.x * step, y + towards.y * step);
    edge += weight * Math.max(0, open - (1 - subject));
  }
  if (edge <= 0) return 0;
  const light = valueAt(behindLight, extent, x + towards.x * 0.02, y + towards.y * 0.02);
  return rim * edge * subject * (0.3 + 0.7 * smoothstep(0.02, 0.25, light));
}

function pixel(
  low: LowSun,
  { light }: ElementTile,
  i: number,
  around: number,
  lit: Lit,
  rim: number,
) {
  const [red, green, blue] = light;
  const y = luminance(red[i] as number, green[i] as number, blue[i] as number);
  const { warmth: w, contrast: c, median } = low;
  const bright =
    smoothstep(0.3, 1.8, (0.65 * around + 0.35 * y) / median) * (0.45 + 0.55 * lit.key);
  const gain = 1 - 0.38 * c + 0.95 * c * lit.key * (0.35 + 0.65 * bright);
  const detail = rim > 0 ? rim * Math.min(2.2, Math.max(0.35, y / (around + 0.01))) : 0;
  const skyGain = 0.8 + 0.4 * lit.key * lit.skyKey;
  for (let k = 0; k < 3; k++) {
    const plane = light[k] as Plane;
    const day = plane[i] as number;
    const cool = 1 + (k === 0 ? -0.16 : k === 1 ? -0.06 : 0.08) * w;
    const warm = 1 + (k === 0 ? 0.42 : k === 1 ? 0.03 : -0.5) * w;
    const ground = day * (cool + (warm - cool) * bright) * gain + detail * (RIM[k] as number);
    const blueSky = COOL_SKY[k] as number;
    const sky = day * (blueSky + lit.skyKey * ((WARM_SKY[k] as number) - blueSky)) * skyGain;
    const sum = ground + lit.sky * (sky - ground);
    plane[i] = sum * (1 - 0.25 * lit.flare) + lit.flare * (FLARE[k] as number);
  }
}

const lowSunRenderer: ElementRenderer<LowSun> = { prepare: prepareLowSun, render: renderLowSun };

export const lowSun = rendered(lowSunRenderer, ['sky', 'depth', 'subject'], { overFace: 0.6 });
