import type { Extent } from '@emoeditor/shared';
import { type Plane, smoothstep } from '../../../compositor/planes.ts';
import type { ElementRenderer, ElementTile, SceneView } from '../elementRenderer.ts';
import { blurred } from '../light/blur.ts';
import { enlargedTo } from '../light/enlarge.ts';
import { fractalNoise } from '../light/noise.ts';
import { placesOf } from '../light/places.ts';
import { luminance, luminancePlane } from '../light/sceneNumbers.ts';
import { rendered } from '../renderedElement.ts';
import { skyLike } from '../skyMatte.ts';
import { groundRow, type SurfacePlane, surfacePlane } from './surfacePlace.ts';

interface Grime {
  readonly extent: Extent;
  readonly dirt: number;
  readonly mould: number;
  readonly surface: SurfacePlane;
  readonly seed: number;
  /** Where dirt can be at all. */
  readonly room: Plane;
  /** Local mean of the light, and how much darker a place is than its wider surroundings: dirt collects in creases. */
  readonly around: Plane;
  readonly creases: Plane;
  /** Optical depth of streaks that run down from edges. */
  readonly streaks: Plane;
  /** Where dirt lies in patches, where mould grows in clumps, and its larger spots, 0 … 1. */
  readonly patches: Plane;
  readonly clumps: Plane;
  readonly blotches: Plane;
}

/** Absorption of red, green and blue: dirt is brown, mould a blackish green; both are factors, never a colour on top. */
const DIRT = [0.72, 0.95, 1.35] as const;
const MOULD = [1.15, 0.86, 1.25] as const;

function prepareGrime(
  view: SceneView,
  { dirt = 0.55, streaks = 0.5, mould = 0.45 }: Record<string, number>,
  seed: number,
): Grime {
  const { extent, light, maps } = view;
  const luma = luminancePlane(light).map((y) => Math.max(y, 1e-3));
  const around = blurred(luma, extent, 0.01);
  const wide = blurred(luma, extent, 0.05);
  const { sky, subject, vegetation, water, ground } = maps.planes;
  const surface = surfacePlane(view);
  const alike = skyLike(view, surface.horizon + 0.1);
  const creases = wide.map(
    (value, i) =>
      0.5 * Math.min(1.5, Math.max(0, Math.log2((value + 0.01) / ((around[i] as number) + 0.01)))),
  );
  return {
    extent,
    ...{ dirt, mould, seed, around, surface, creases },
    ...patchPlanes(extent, surface, ground, creases, seed),
    room: sky.map(
      (value, i) =>
        (1 - value) *
        (1 - (alike?.[i] ?? 0)) *
        (1 - 0.6 * (subject[i] as number)) *
        (1 - 0.75 * (vegetation[i] as number)) *
        (1 - 0.9 * (water[i] as number)),
    ),
    streaks: streaksOf(luma, ground, extent, streaks, seed),
  };
}

/** Patches vary slowly enough to be computed at the view's size; on the ground they follow its perspective. */
function patchPlanes(
  extent: Extent,
  surface: SurfacePlane,
  ground: Plane,
  creases: Plane,
  seed: number,
) {
  const { x, y, width, side } = placesOf({ bounds: { left: 0, top: 0, ...extent }, extent });
  const plane = () => new Float32Array(ground.length);
  const out = { patches: plane(), clumps: plane(), blotches: plane() };
  for (const [row, py] of y.entries()) {
    const { across, along, stretch } = groundRow(surface, py);
    for (let column = 0; column < x.length; column++) {
      const i = row * x.length + column;
      const px = (x[column] as number) - 0.5 * width;
      const isGround = surface.known && (ground[i] as number) > 0.5;
      const [u, v] = isGround ? [px * across, along] : [px, py];
      const pixel = (isGround ? stretch : 1) / side;
      const noise = (size: number, shift: number, count: number, gain: number) =>
        fractalNoise(u / size, v / size, seed + shift, { count, gain }, pixel / size);
      const crease = creases[i] as number;
      out.patches[i] = smoothstep(0.4, 0.66, noise(0.22, 0, 5, 0.58) + 0.1 * crease);
      out.clumps[i] = smoothstep(0.46, 0.66, noise(0.16, 21, 4, 0.55) + 0.08 * crease);
      out.blotches[i] = smoothstep(0.48, 0.7, noise(0.03, 25, 3, 0.6));
    }
  }
  return out;
}

/** Water carries dirt down from every edge under which it is darker; each streak fades on its way. */
function streaksOf(
  luma: Plane,
  ground: Plane,
  extent: Extent,
  amount: number,
  seed: number,
): Plane {
  const { width, height } = extent;
  const soft = blurred(luma, extent, 0.003);
  const { x, y, side } = placesOf({ bounds: { left: 0, top: 0, ...extent }, extent });
  const fading = 1 - 6 / side;
  const running = new Float32Array(width);
  const out = new Float32Array(luma.length);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const i = row * width + column;
      const upper = soft[Math.max(0, row - 1) * width + column] as number;
      const lower = soft[Math.min(height - 1, row + 1) * width + column] as number;
      const edge = smoothstep(0.05, 0.3, ((upper - lower) * side) / 160);
      running[column] = Math.max((running[column] as number) * fading, edge, 0.22);
      const [px, py] = [x[column] as number, y[row] as number];
      const narrow = fractalNoise(px / 0.011, py / 0.16, seed + 12, { count: 3, gain: 0.55 });
      const broad = fractalNoise(px / 0.05, py / 0.5, seed + 14, { count: 3, gain: 0.5 });
      const streak = smoothstep(0.46, 0.8, 0.55 * narrow + 0.45 * broad + 0.08);
      out[i] = amount * (running[column] as number) * streak * (1 - (ground[i] as number));
    }
  }
  return out;
}

function renderGrime(grime: Grime, tile: ElementTile): void {
  const enlarge = enlargedTo(grime.extent, tile);
  const planes = {
    room: enlarge(grime.room),
    around: enlarge(grime.around),
    creases: enlarge(grime.creases),
    streaks: enlarge(grime.streaks),
    patches: enlarge(grime.patches),
    clumps: enlarge(grime.clumps),
    blotches: enlarge(grime.blotches),
    ground: tile.map('ground'),
    sky: tile.map('sky'),
  };
  const { x, y, width: wide, side } = placesOf(tile);
  const [red, green, blue] = tile.light;
  for (const [row, py] of y.entries()) {
    const { across, along, stretch } = groundRow(grime.surface, py);
    for (let column = 0; column < x.length; column++) {
      const px = x[column] as number;
      const i = row * x.length + column;
      const room = Math.min(1, planes.room[i] as number) * (1 - (planes.sky[i] as number));
      if (room <= 0.004) continue;
      const isGround = grime.surface.known && (planes.ground[i] as number) > 0.5;
      const u = isGround ? (px - 0.5 * wide) * across : px - 0.5 * wide;
      const v = isGround ? along : py;
      const pixel = (isGround ? stretch : 1) / side;
      const day = luminance(red[i] as number, green[i] as number, blue[i] as number);
      const crease =
        0.6 *
        Math.min(2, Math.max(0, Math.log2(((planes.around[i] as number) + 0.01) / (day + 0.01))));
      const dirty = dirtAt(grime, planes, i, u, v, pixel, crease);
      const mouldy = mouldAt(grime, planes, i, u, v, pixel, crease);
      for (let k = 0; k < 3; k++) {
        const plane = tile.light[k] as Plane;
        const tau = dirty * (DIRT[k] as number) + mouldy * (MOULD[k] as number);
        plane[i] = (plane[i] as number) * Math.exp(-tau * room);
      }
    }
  }
}

type Patches = Readonly<Record<'patches' | 'clumps' | 'blotches' | 'creases' | 'streaks', Plane>>;

/** Optical depth of dirt at a place of the surface. */
function dirtAt(
  { dirt, seed }: Grime,
  { patches, creases, streaks }: Patches,
  i: number,
  u: number,
  v: number,
  pixel: number,
  crease: number,
): number {
  const patch = patches[i] as number;
  const size = 0.012;
  const fine = fractalNoise(u / size, v / size, seed + 4, { count: 2, gain: 0.6 }, pixel / size);
  const spread = 0.18 + 1.25 * patch * (0.35 + 0.9 * fine) + 0.3 * (creases[i] as number);
  return dirt * (spread + 0.75 * crease * (0.4 + 0.6 * patch)) + (streaks[i] as number);
}

/** Optical depth of mould: clumps of spots. */
function mouldAt(
  { mould, seed }: Grime,
  { clumps, blotches }: Patches,
  i: number,
  u: number,
  v: number,
  pixel: number,
  crease: number,
): number {
  const clump = clumps[i] as number;
  if (mould <= 0 || clump <= 0.004) return 0;
  const blotch = blotches[i] as number;
  const size = 0.0075;
  const noise = fractalNoise(u / size, v / size, seed + 23, { count: 2, gain: 0.6 }, pixel / size);
  const spots = smoothstep(0.48, 0.62, noise + 0.16 * (clump - 0.5));
  const grown = clump * (1.7 * spots * (0.4 + 0.6 * blotch) + 0.7 * blotch);
  return mould * grown * (0.55 + 0.45 * Math.min(1, crease));
}

const grimeRenderer: ElementRenderer<Grime> = { prepare: prepareGrime, render: renderGrime };

export const grime = rendered(grimeRenderer, ['sky', 'ground'], { overFace: 0, overPerson: 0.25 });
