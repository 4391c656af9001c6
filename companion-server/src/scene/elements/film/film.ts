import type { Extent } from '@emoeditor/shared';
import type { Plane } from '../../../compositor/planes.ts';
import type { ElementRenderer, ElementTile, SceneView } from '../elementRenderer.ts';
import { type Curve, curveOf, onCurve } from '../light/curves.ts';
import { enlargedTo } from '../light/enlarge.ts';
import { fractalNoise, hash32 } from '../light/noise.ts';
import { placesOf } from '../light/places.ts';
import { luminance } from '../light/sceneNumbers.ts';
import { rendered } from '../renderedElement.ts';

interface Film {
  readonly extent: Extent;
  readonly grain: number;
  readonly vignette: number;
  readonly seed: number;
  /** Light that leaked onto the film, as exposure; null without. */
  readonly leak: Plane | null;
  /** Faded dyes: light → light, one curve a dye. */
  readonly dyes: readonly Curve[];
  /** Strength of the grain by luminance. */
  readonly grains: Curve;
}

/** Loss of density and fog of each dye when fully faded: cyan goes first, so that shadows turn red and blacks lift. */
const LOSS = [0.3, 0.14, 0.2] as const;
const FOG = [0.005, 0.035, 0.09] as const;
const LEAK = [2.4, 0.85, 0.16] as const;
const MOST_DENSITY = 2.4;
/** Size of a grain as a share of the long side. */
const GRAIN = 0.00045;

const densityOf = (light: number) =>
  Math.min(MOST_DENSITY, Math.max(0, -Math.log10(Math.max(light, 4e-3))));

function prepareFilm(
  view: SceneView,
  { grain = 0.045, fade = 0.5, leak = 0.4, vignette = 0.3 }: Record<string, number>,
  seed: number,
): Film {
  return {
    extent: view.extent,
    ...{ grain, vignette, seed },
    leak: leak > 0 ? leakOf(view, leak, seed) : null,
    dyes: LOSS.map((loss, k) =>
      curveOf(1, (light) => fadedLight(light, fade * loss, fade * (FOG[k] as number))),
    ),
    grains: curveOf(1, (y) => {
      const density = densityOf(y);
      return Math.LN10 * Math.sqrt(density + 0.05) * Math.max(0.1, 1.15 - density / 2.6);
    }),
  };
}

/** Light below that of the greatest density is scaled down further, so that the deepest blacks do not become one. */
function fadedLight(light: number, loss: number, fog: number): number {
  const faded = 10 ** -(densityOf(light) * (1 - loss) + fog);
  return light >= 4e-3 ? faded : faded * (0.7 + 0.3 * (light / 4e-3));
}

/** Exposure through a leak in the camera's back: a broad band from one border. */
function leakOf({ extent }: SceneView, amount: number, seed: number): Plane {
  const { x, y, width, height } = placesOf({ bounds: { left: 0, top: 0, ...extent }, extent });
  const side = (hash32(7, 11, seed) >>> 8) & 3;
  const out = new Float32Array(extent.width * extent.height);
  for (const [row, py] of y.entries()) {
    for (let column = 0; column < x.length; column++) {
      const px = x[column] as number;
      const away = [px, width - px, py, height - py][side] as number;
      const along = side < 2 ? py : px;
      const noise = fractalNoise(along / 0.45 + 3.1, away * 0.6, seed, { count: 3, gain: 0.5 });
      const hot = Math.min(1.5, Math.max(0, (noise - 0.45) * 5));
      const fall = Math.exp(-Math.max(0, away - 0.005) / (0.018 + 0.05 * hot));
      out[row * x.length + column] = 0.8 * amount * hot * fall;
    }
  }
  return out;
}

function renderFilm(film: Film, tile: ElementTile): void {
  const { bounds, light } = tile;
  const leak = film.leak === null ? null : enlargedTo(film.extent, tile)(film.leak);
  const { x, y, width: wide, height: high, side } = placesOf(tile);
  const [red, green, blue] = light;
  const cell = grainCells(side);
  for (const [row, py] of y.entries()) {
    for (let column = 0; column < x.length; column++) {
      const px = x[column] as number;
      const i = row * bounds.width + column;
      const cx = px - 0.5 * wide;
      const cy = py - 0.5 * high;
      const r2 = (cx * cx + cy * cy) / 0.36;
      const dark = (1 + 0.9 * r2) ** (-1.4 * film.vignette);
      const exposed = leak === null ? 0 : (leak[i] as number);
      const y0 = luminance(red[i] as number, green[i] as number, blue[i] as number);
      const sigma = cell.amplitude * film.grain * onCurve(film.grains, y0 * dark);
      const [gx, gy] = [bounds.left + column, bounds.top + row];
      const common = 0.8 * grainAt(gx, gy, cell, film.seed + 1);
      for (let k = 0; k < 3; k++) {
        const plane = light[k] as Plane;
        const seen = leaked(plane[i] as number, exposed * (LEAK[k] as number)) * dark;
        const noise = common + 0.45 * grainAt(gx, gy, cell, film.seed + 11 + k);
        plane[i] = onCurve(film.dyes[k] as Curve, seen) * Math.exp(-sigma * noise);
      }
    }
  }
}

/** Adds exposure: never darker than before, never above white. */
const leaked = (light: number, exposure: number) =>
  exposure > 0 && light < 1 ? 1 - (1 - light) * Math.exp(-exposure) : light;

/** How grain is drawn at a resolution: below the size of a pixel it averages out. */
interface GrainCells {
  /** Cells per pixel, at most 1. */
  readonly scale: number;
  readonly amplitude: number;
}

function grainCells(side: number): GrainCells {
  const size = 1.6 * GRAIN * side;
  return { scale: 1 / Math.max(1, size), amplitude: Math.min(1, 0.35 + 0.65 * size) };
}

/** About standard normal: white noise over cells, softened where a cell has several pixels. */
function grainAt(x: number, y: number, { scale }: GrainCells, seed: number): number {
  if (scale === 1) return whiteAt(x, y, seed);
  const u = x * scale;
  const v = y * scale;
  const ix = Math.floor(u);
  const iy = Math.floor(v);
  const fx = u - ix;
  const fy = v - iy;
  const a = whiteAt(ix, iy, seed);
  const b = whiteAt(ix + 1, iy, seed);
  const c = whiteAt(ix, iy + 1, seed);
  const d = whiteAt(ix + 1, iy + 1, seed);
  return 1.35 * (a + (b - a) * fx + (c - a) * fy + (a - b - c + d) * fx * fy);
}

/** Sum of two uniform numbers from one hash, with a deviation of 1. */
function whiteAt(x: number, y: number, seed: number): number {
  const n = hash32(x, y, seed);
  return (((n & 0xffff) + (n >>> 16)) / 65535 - 1) * 2.45;
}

const filmRenderer: ElementRenderer<Film> = { prepare: prepareFilm, render: renderFilm };

export const film = rendered(filmRenderer, [], { overFace: 0.75 });
