import type { Plane } from '../../../compositor/planes.ts';
import type { ElementTile } from '../elementRenderer.ts';
import { enlargedTo } from '../light/enlarge.ts';
import { placesOf } from '../light/places.ts';
import { type Light, luminance } from '../light/sceneNumbers.ts';
import { behindDepth, drawShapes, type ShapeList } from '../shapes/shapes.ts';
import type { Weather } from './gusts.ts';

/** What rain or snow in the air changes, before single drops or flakes are drawn. */
export interface Fall {
  /** Colour of the light in the air. */
  readonly light: Light;
  /** Optical depth of the farthest air, and the greatest share that it covers. */
  readonly depth: number;
  readonly veil: number;
  /** How far direct light is taken out, and colour with it. */
  readonly flatten: number;
  readonly grey: number;
  readonly tint: Light;
}

/** Rain or snow, prepared for a scene. */
export interface Falling {
  readonly weather: Weather;
  readonly fall: Fall;
  /** Streaks or flakes, the farthest first. */
  readonly shapes: ShapeList;
}

/**
 * The veil of rain or snow, and its streaks or flakes over it.
 * @param share of a shape that is seen, by the density of the sheets at its place and by its depth
 */
export function renderFalling(
  { weather, fall, shapes }: Falling,
  tile: ElementTile,
  share: (drift: number, depth: number) => number,
): void {
  const drift = veilTile(weather, fall, tile);
  const behind = behindDepth(tile.map('depth'), tile.map('sky'), 0.2);
  drawShapes(shapes, placesOf(tile), tile.light, {
    mode: 'over',
    seen: (i, depth) => share(drift[i] as number, depth) * behind(i, depth),
  });
}

/**
 * Flat, colder light, and a veil that grows with distance and is lit unevenly by drifting sheets.
 * @returns the sheets at the tile's resolution
 */
function veilTile(
  { extent, sheets, soft }: Weather,
  { light, depth: tau, veil, flatten, grey, tint }: Fall,
  tile: ElementTile,
): Plane {
  const enlarge = enlargedTo(extent, tile);
  const drift = enlarge(sheets);
  const mean = enlarge(soft);
  const depth = tile.map('depth');
  const sky = tile.map('sky');
  const [red, green, blue] = tile.light;
  for (let i = 0; i < drift.length; i++) {
    const [r, g, b] = [red[i] as number, green[i] as number, blue[i] as number];
    const y = luminance(r, g, b);
    const open = sky[i] as number;
    const ratio = ((mean[i] as number) + 0.02) / (y + 0.02);
    const flat = Math.min(1.12, Math.max(0.6, ratio)) ** (flatten * (1 - open));
    const d = Math.max(depth[i] as number, open);
    const density = Math.min(1.1, Math.max(0.2, 0.78 + 0.7 * (drift[i] as number)));
    const share = veil * density * (1 - Math.exp(-tau * d * d * Math.sqrt(Math.sqrt(d))));
    const values = [r, g, b];
    for (let k = 0; k < 3; k++) {
      const value = values[k] as number;
      const wet = (value + grey * (y - value)) * flat * (tint[k] as number);
      const plane = tile.light[k] as Plane;
      plane[i] = wet + share * ((light[k] as number) - wet);
    }
  }
  return drift;
}
