import { type Plane, smoothstep } from '../../../compositor/planes.ts';
import type { ElementTile, LightPlanes } from '../elementRenderer.ts';
import { type Enlarge, enlargedTo, valueAt } from '../light/enlarge.ts';
import { fractalNoise, hash32 } from '../light/noise.ts';
import { type Places, placesOf } from '../light/places.ts';
import { type Light, luminance } from '../light/sceneNumbers.ts';
import type { Backdrop } from './backdrop.ts';

/** Colour of the ground by night, relative to its own: rods are sensitive to blue. */
const MOONLIT: Light = [0.55, 0.76, 1.15];
/** Upper limit of light on the ground by night: white walls stay darker than the lights of the sky. */
const NIGHT_CEILING = 0.1;
/** Values of the matte between which old sky and foreground are mixed; above, a pixel is sky alone. */
const MIXED = [0.01, 0.995] as const;

/** Share of the new sky's light that the lens spreads. */
const GLARE = 0.045;

/** Maps that drawing a backdrop asks for. */
export const BACKDROP_MAPS = ['sky', 'depth', 'water'] as const;

/**
 * Puts a new sky behind the picture: the old sky's colour is taken out of the pixels in which both mix, and the ground
 * follows the new light.
 * @param draw adds to the light of the sky what must be sharp at any size; called for tiles with sky
 */
export function renderBackdrop(
  backdrop: Backdrop,
  tile: ElementTile,
  draw: (sky: LightPlanes, mask: Plane) => void = () => {},
): void {
  const mask = tile.map('sky');
  if (backdrop.keepsSky) {
    addToSky(backdrop, tile, mask, draw);
    return;
  }
  const enlarge = enlargedTo(backdrop.extent, tile);
  const places = placesOf(tile);
  const ground = relight(backdrop, tile, mask, enlarge, places);
  const sky = mask.some((value) => value > 0) ? newSky(backdrop, tile, mask, draw) : null;
  const glare = enlarge(backdrop.glare);
  const grey = Math.max(1e-4, luminance(...backdrop.low));
  for (const [k, plane] of tile.light.entries()) {
    const under = ground[k] as Plane;
    const spread = (GLARE * (backdrop.low[k] as number)) / grey;
    for (let i = 0; i < plane.length; i++) {
      const a = mask[i] as number;
      const solid = ((under[i] as number) + spread * (glare[i] as number)) * (1 - a);
      plane[i] = sky === null ? solid : solid + a * ((sky[k] as Plane)[i] as number);
    }
  }
}

function addToSky(
  { sky }: Backdrop,
  tile: ElementTile,
  mask: Plane,
  draw: (sky: LightPlanes, mask: Plane) => void,
): void {
  if (!mask.some((value) => value > 0)) return;
  const enlarge = enlargedTo(sky.extent, tile);
  const planes = tile.light.map((plane, k) => {
    const more = enlarge(sky.light[k] as Plane);
    return plane.map((value, i) => value + (more[i] as number));
  }) as unknown as LightPlanes;
  draw(planes, mask);
  for (const [k, plane] of tile.light.entries()) {
    const now = planes[k] as Plane;
    for (let i = 0; i < plane.length; i++) {
      const old = plane[i] as number;
      plane[i] = old + (mask[i] as number) * ((now[i] as number) - old);
    }
  }
}

function newSky(
  { sky, grain, seed }: Backdrop,
  tile: ElementTile,
  mask: Plane,
  draw: (sky: LightPlanes, mask: Plane) => void,
): LightPlanes {
  const planes = sky.light.map(enlargedTo(sky.extent, tile)) as unknown as LightPlanes;
  if (sky.edges !== undefined) fray(planes, sky.edges, sky.extent, tile, mask, seed);
  draw(planes, mask);
  const { left, top, width } = tile.bounds;
  const [red, green, blue] = planes;
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) continue;
    const n = hash32(left + (i % width), top + Math.floor(i / width), seed);
    // Four bytes added up: near to normal, standard deviation 147.8.
    const sum = (n & 255) + ((n >>> 8) & 255) + ((n >>> 16) & 255) + (n >>> 24) - 510;
    const noise = (grain / 147.8) * sum;
    red[i] = grained(red[i] as number, noise);
    green[i] = grained(green[i] as number, noise);
    blue[i] = grained(blue[i] as number, noise);
  }
  return planes;
}

/**
 * Frays the edges of clouds. The maps of the sky are coarser than a document; noise of sizes from their pixel down to
 * the document's is added, as strong as a shift of the maps by a pixel or two.
 */
function fray(
  planes: LightPlanes,
  edges: Plane,
  extent: Backdrop['sky']['extent'],
  tile: ElementTile,
  mask: Plane,
  seed: number,
): void {
  const { x, y, side } = placesOf(tile);
  const size = Math.max(extent.width, extent.height) / 2;
  if (side < 2 * size) return;
  const strength = enlargedTo(extent, tile)(edges);
  const octaves = { count: 5, gain: 0.65 };
  for (let i = 0; i < mask.length; i++) {
    const edge = strength[i] as number;
    if (mask[i] === 0 || edge < 0.004) continue;
    const px = (x[i % x.length] as number) * size;
    const py = (y[Math.floor(i / x.length)] as number) * size;
    const gain = 1 + 3.2 * edge * (fractalNoise(px, py, seed, octaves, size / side) - 0.5);
    for (let k = 0; k < 3; k++) {
      const plane = planes[k] as Plane;
      plane[i] = (plane[i] as number) * gain;
    }
  }
}

function grained(light: number, noise: number): number {
  const root = Math.sqrt(light > 0 ? light : 0) + noise;
  return root > 0 ? root * root : 0;
}

/** The picture without its old sky, in the light of the new one. */
function relight(
  backdrop: Backdrop,
  tile: ElementTile,
  mask: Plane,
  enlarge: Enlarge,
  places: Places,
): LightPlanes {
  const ground = freed(backdrop, tile, mask, places);
  const { gain, flatten, night, veil } = backdrop.ground;
  const base = enlarge(backdrop.base);
  const depth = veil > 0 ? tile.map('depth') : null;
  const [red, green, blue] = ground;
  for (let i = 0; i < mask.length; i++) {
    if ((mask[i] as number) >= 1) continue;
    if (night !== null) darken(ground, i, night);
    const y = luminance(red[i] as number, green[i] as number, blue[i] as number) + 1e-4;
    const mean = base[i] as number;
    const flat = flatten > 0 && y > mean ? Math.max(0.35, mean / y) ** (0.7 * flatten) : 1;
    const far = depth === null ? 0 : veil * (depth[i] as number) ** 3;
    for (let k = 0; k < 3; k++) {
      const plane = ground[k] as Plane;
      const lit = (plane[i] as number) * flat * (gain[k] as number);
      plane[i] = lit + far * ((backdrop.low[k] as number) - lit);
    }
  }
  if (backdrop.mirror !== null) mirror(backdrop, ground, base, tile.map('water'), places);
  return ground;
}

function darken([red, green, blue]: LightPlanes, i: number, exposure: number): void {
  const r = red[i] as number;
  const g = green[i] as number;
  const b = blue[i] as number;
  const grey = 0.5 * luminance(r, g, b);
  red[i] = dark(grey + 0.5 * r, 0, exposure);
  green[i] = dark(grey + 0.5 * g, 1, exposure);
  blue[i] = dark(grey + 0.5 * b, 2, exposure);
}

const dark = (light: number, channel: 0 | 1 | 2, exposure: number) =>
  NIGHT_CEILING * (1 - Math.exp((-light * MOONLIT[channel] * exposure) / NIGHT_CEILING));

/** In pixels where sky and foreground mix the foreground alone: (I − αB) / (1 − α), held near what is around. */
function freed(
  { oldSky, front, extent }: Backdrop,
  { light }: ElementTile,
  mask: Plane,
  { x, y }: Places,
): LightPlanes {
  const out = light.map((plane) => plane.slice()) as unknown as LightPlanes;
  const [red, green, blue] = light;
  for (let i = 0; i < mask.length; i++) {
    const a = mask[i] as number;
    if (a <= MIXED[0] || a >= MIXED[1]) continue;
    const least = Math.min(red[i] as number, green[i] as number, blue[i] as number);
    const room = Math.max(1 - a, 0.08);
    // The matte of thin twigs is a little too low: what is left of the old sky is taken out, too.
    const trust = Math.min(1, 2.5 * a);
    const px = x[i % x.length] as number;
    const py = y[Math.floor(i / x.length)] as number;
    for (let k = 0; k < 3; k++) {
      const around = valueAt(front[k] as Plane, extent, px, py);
      const old = valueAt(oldSky[k] as Plane, extent, px, py);
      const value = (light[k] as Plane)[i] as number;
      const solved = (value - a * old) / room;
      const held = Math.min(Math.max(0, solved), Math.max(1.6 * around, least) + 0.02);
      (out[k] as Plane)[i] = held + trust * (Math.min(around, held + 0.05) - held);
    }
  }
  return out;
}

function mirror(
  { mirror: mirrored, extent }: Backdrop,
  ground: LightPlanes,
  base: Plane,
  water: Plane,
  { x, y: rows }: Places,
): void {
  if (mirrored === null) return;
  const [red, green, blue] = ground;
  for (let i = 0; i < water.length; i++) {
    const wet = smoothstep(0.1, 0.9, water[i] as number);
    if (wet <= 0) continue;
    const px = x[i % x.length] as number;
    const py = rows[Math.floor(i / x.length)] as number;
    const amount = wet * valueAt(mirrored.share, extent, px, py);
    if (amount <= 0) continue;
    const y = luminance(red[i] as number, green[i] as number, blue[i] as number);
    const wave = Math.min(1.8, Math.max(0.4, y / ((base[i] as number) + 0.02)));
    for (let k = 0; k < 3; k++) {
      const plane = ground[k] as Plane;
      const now = plane[i] as number;
      plane[i] = now + amount * (valueAt(mirrored.light[k] as Plane, extent, px, py) * wave - now);
    }
  }
}
