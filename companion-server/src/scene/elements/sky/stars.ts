import type { Plane } from '../../../compositor/planes.ts';
import type { ElementRenderer, ElementTile, LightPlanes, SceneView } from '../elementRenderer.ts';
import { valueAt } from '../light/enlarge.ts';
import { randomOf } from '../light/noise.ts';
import { placesOf } from '../light/places.ts';
import { rendered } from '../renderedElement.ts';
import type { Backdrop } from './backdrop.ts';
import { type MilkyWay, milkyWay } from './milkyWay.ts';
import { nightBackdrop } from './nightSky.ts';
import { BACKDROP_MAPS, renderBackdrop } from './renderBackdrop.ts';
import { shrunkView } from './shrunkView.ts';
import { longSide } from './skies.ts';
import { directionAt, type SkyFrame, skyFrame } from './skyFrame.ts';

/** Numbers of a star: x and y in shares of the long side, light of three channels. */
const STRIDE = 5;
/** Width of a star's image as a share of the long side; never below a pixel. */
const SHARP = 0.00075;
/** Stars in a square of the long side, and how many times more in the middle of the Milky Way. */
const STARS = 5200;
const CROWD = 4;

export interface Stars {
  readonly backdrop: Backdrop;
  readonly stars: Float32Array;
}

/**
 * Stars of a part of the sky. The count of stars up to magnitude m grows as 10^(m/2); they fade and redden towards the
 * horizon.
 * @param limit faintest magnitude
 */
export function starList(
  frame: SkyFrame,
  limit: number,
  gain: number,
  band: MilkyWay | null,
  seed: number,
): Float32Array {
  const random = randomOf(seed);
  const side = Math.max(frame.extent.width, frame.extent.height);
  const below = Math.min(frame.horizon, frame.extent.height / side);
  const rows: number[] = [];
  const count = Math.round(STARS * frame.width * below);
  for (let n = 0; n < count * (band === null ? 1 : 1 + CROWD); n++) {
    const [x, y, size, hue, chance] = [
      random() * frame.width,
      random() * below,
      random(),
      random(),
      random(),
    ];
    const isCrowd = n >= count;
    if (valueAt(frame.seen, frame.extent, x, y) < 0.02) continue;
    if (isCrowd && band !== null && chance > valueAt(band.density, frame.extent, x, y)) continue;
    const magnitude = limit + (isCrowd ? 1 : 0) + 2 * Math.log10(Math.max(1e-4, size));
    const flux = gain * 10 ** (-0.4 * magnitude);
    const rise = Math.max(0, directionAt(frame, x, y)[1]);
    const left = Math.exp(-0.12 / (rise + 0.03));
    const warm = 1.4 * (hue - 0.45);
    rows.push(
      x,
      y,
      flux * (1 + 0.3 * warm) * left,
      flux * (0.98 + 0.02 * warm) * left ** 1.25,
      flux * (1.05 - 0.42 * warm) * left ** 1.6,
    );
  }
  return Float32Array.from(rows);
}

/** Adds stars to the light of a tile's sky: a narrow image, and a faint halo around the bright ones. */
export function drawStars(stars: Float32Array, sky: LightPlanes, tile: ElementTile): void {
  const { x, y, side } = placesOf(tile);
  const [left, top] = [x[0] as number, y[0] as number];
  const [right, bottom] = [x[x.length - 1] as number, y[y.length - 1] as number];
  const width = Math.max(1 / side, SHARP);
  const share = (SHARP / width) ** 2;
  for (let at = 0; at < stars.length; at += STRIDE) {
    const sx = stars[at] as number;
    const sy = stars[at + 1] as number;
    const flux = stars[at + 3] as number;
    const reach = width * (flux > 0.12 ? 14 : 3.6);
    if (sx < left - reach || sx > right + reach || sy < top - reach || sy > bottom + reach)
      continue;
    const from = Math.max(0, Math.ceil((sx - reach - left) * side));
    const to = Math.min(x.length - 1, Math.floor((sx + reach - left) * side));
    const first = Math.max(0, Math.ceil((sy - reach - top) * side));
    const last = Math.min(y.length - 1, Math.floor((sy + reach - top) * side));
    for (let row = first; row <= last; row++) {
      const dy = (y[row] as number) - sy;
      for (let column = from; column <= to; column++) {
        const dx = (x[column] as number) - sx;
        const d = (dx * dx + dy * dy) / (width * width);
        const edge = 1 - (d * width * width) / (reach * reach);
        if (edge <= 0) continue;
        const halo = flux > 0.12 ? (0.012 * edge * edge) / (1 + d / 9) ** 2 : 0;
        const value = share * (Math.exp(-d / 2) + halo);
        const i = row * x.length + column;
        for (let k = 0; k < 3; k++) {
          const plane = sky[k] as Plane;
          plane[i] = (plane[i] as number) + value * (stars[at + 2 + k] as number);
        }
      }
    }
  }
}

function prepareStars(
  whole: SceneView,
  { strength = 1, milkyWay: band = 0 }: Record<string, number>,
  seed: number,
): Stars {
  const view = shrunkView(whole);
  const frame = skyFrame(view, 40_000, longSide(whole));
  const way = band > 0.02 ? milkyWay(frame, 0.2 * strength * band, seed) : null;
  const look = { added: way?.light ?? null, sky: 1, town: 0.2, ground: [1, 1, 1] } as const;
  return {
    backdrop: nightBackdrop(whole, view, frame, look, seed),
    stars: starList(frame, 5.8, 1.1 * strength, way, seed),
  };
}

const starsRenderer: ElementRenderer<Stars> = {
  prepare: prepareStars,
  render: (prepared, tile) =>
    renderBackdrop(prepared.backdrop, tile, (sky) => drawStars(prepared.stars, sky, tile)),
};

export const stars = rendered(starsRenderer, BACKDROP_MAPS, { overFace: 0.6 });
