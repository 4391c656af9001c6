import type { Extent } from '@emoeditor/shared';
import { type Plane, smoothstep } from '../../../compositor/planes.ts';
import type { ElementRenderer, ElementTile, SceneView } from '../elementRenderer.ts';
import { blurred } from '../light/blur.ts';
import { enlargedTo } from '../light/enlarge.ts';
import { hash01, valueNoise } from '../light/noise.ts';
import { type Places, placesOf } from '../light/places.ts';
import {
  horizonRow,
  type Light,
  luminance,
  luminancePlane,
  percentile,
} from '../light/sceneNumbers.ts';
import { rendered } from '../renderedElement.ts';
import {
  branches,
  foliage,
  type PatternLevel,
  patternOf,
  patternSideFor,
  type ShadowPattern,
} from './shadowPattern.ts';

/** The shadow of something outside the picture. */
interface Shadow {
  readonly extent: Extent;
  readonly kind: 'branches' | 'dapple' | 'blinds';
  /** Null for blinds, which are computed in place. */
  readonly pattern: ShadowPattern | null;
  readonly strength: number;
  /** Side of the pattern, in shares of the long side. */
  readonly scale: number;
  /** Radians. */
  readonly angle: number;
  readonly slats: number;
  /** Penumbra of blinds in shares of the long side. */
  readonly softness: number;
  readonly seed: number;
  /** Row of the horizon that the ground's perspective comes from. */
  readonly horizon: number;
  /** Local mean of the light, and how far a place is lit rather than in a shadow already. */
  readonly around: Plane;
  readonly open: Plane;
  /** Share of a place that is ground beyond doubt; null where its perspective cannot be told. */
  readonly ground: Plane | null;
  /** How far the pattern is shifted with the depth of what it falls on. */
  readonly parallax: Plane;
  /**
   * Factors of the light inside the shadow and in the sun. The lit part is brightened; otherwise a shadow looks like
   * dirt.
   */
  readonly shade: Light;
  readonly sun: Light;
}

const SHADE: Light = [0.4, 0.46, 0.58];
const SUN: Light = [1.16, 1.04, 0.86];

function shadowOf(
  view: SceneView,
  kind: Shadow['kind'],
  seed: number,
  given: Pick<Shadow, 'strength' | 'scale'> &
    Partial<Pick<Shadow, 'angle' | 'slats' | 'softness' | 'pattern'>>,
  [ambient, warm, gain]: readonly [number, number, number],
): Shadow {
  const { extent, light, maps } = view;
  const around = blurred(luminancePlane(light), extent, 0.02);
  const bright = percentile(around, 0.7) + 1e-3;
  return {
    extent,
    kind,
    pattern: null,
    angle: 0,
    slats: 15,
    softness: 0.0035,
    ...given,
    seed,
    horizon: horizonRow(view) - 0.18,
    around,
    ground: isFlat(view)
      ? blurred(
          maps.planes.ground.map((value) => smoothstep(0.45, 0.8, value)),
          extent,
          0.004,
        )
      : null,
    parallax: blurred(maps.planes.depth, extent, 0.05).map((value) => 0.08 * (value - 0.5)),
    open: around.map((value) => smoothstep(0.12, 0.75, value / bright)),
    shade: SHADE.map((value) => ambient * value) as unknown as Light,
    sun: SUN.map((value) => value ** warm * gain) as unknown as Light,
  };
}

/** Whether the ground is a plane whose horizon is known well enough to throw a pattern on it. */
const isFlat = ({ maps: { horizon } }: SceneView) =>
  horizon !== null && horizon.confidence > 0.5 && (horizon.left + horizon.right) / 2 < 0.8;

/**
 * How much of the direct light each pixel of a tile loses, 0 … 1. On walls the pattern lies in the picture's plane, on
 * the ground in its perspective; where the map of the ground is unsure, both results are blended, not their
 * coordinates.
 */
function closedOn(shadow: Shadow, tile: ElementTile, places: Places): Plane {
  const { scale, horizon } = shadow;
  const { x, y, width: wide, height: high } = places;
  const closedAt =
    shadow.pattern === null ? blindsAt(shadow, places) : patternAt(shadow, shadow.pattern);
  const enlarge = enlargedTo(shadow.extent, tile);
  const shift = enlarge(shadow.parallax);
  const ground = shadow.ground === null ? null : enlarge(shadow.ground);
  const [cos, sin] = [Math.cos(shadow.angle), Math.sin(shadow.angle)];
  const at = (u: number, v: number) => closedAt(cos * u + sin * v + 0.5, cos * v - sin * u + 0.5);
  const reference = high - horizon;
  const out = new Float32Array(x.length * y.length);
  for (const [row, py] of y.entries()) {
    const across = reference / Math.max(0.05, py - horizon);
    const along = -(reference * 0.62 * (across - 1)) + 0.5 * high;
    for (let column = 0; column < x.length; column++) {
      const px = x[column] as number;
      const i = row * x.length + column;
      const g = ground === null ? 0 : (ground[i] as number);
      const parallax = shift[i] as number;
      const u = px - 0.5 * wide + parallax;
      const v = py - 0.5 * high - 0.5 * parallax;
      const wall = g < 1 ? at(u / scale, v / scale) : 0;
      const floor = g > 0 ? at(((px - 0.5 * wide) * across) / scale, along / scale) : 0;
      out[i] = wall + g * (floor - wall);
    }
  }
  return out;
}

function renderShadow(shadow: Shadow, tile: ElementTile): void {
  const enlarge = enlargedTo(shadow.extent, tile);
  const [around, open] = [enlarge(shadow.around), enlarge(shadow.open)];
  const sky = tile.map('sky');
  const closed = closedOn(shadow, tile, placesOf(tile));
  const [red, green, blue] = tile.light;
  for (let i = 0; i < closed.length; i++) {
    const strength =
      shadow.strength * (1 - (sky[i] as number)) * (0.35 + 0.65 * (open[i] as number));
    if (strength <= 0) continue;
    const y = luminance(red[i] as number, green[i] as number, blue[i] as number);
    const detail = y / ((around[i] as number) + 0.01);
    const texture = Math.sqrt(Math.sqrt(Math.min(1.5, Math.max(0.6, detail))));
    const sun = (1 - (closed[i] as number)) * texture;
    for (let k = 0; k < 3; k++) {
      const plane = tile.light[k] as Plane;
      const shade = shadow.shade[k] as number;
      const light = shade + ((shadow.sun[k] as number) - shade) * sun;
      plane[i] = (plane[i] as number) * (1 + strength * (light - 1));
    }
  }
}

/** Shadow of a pattern, its penumbra by the distance of what throws it. 0 open … 1 closed */
function patternAt({ kind, seed }: Shadow, { levels }: ShadowPattern) {
  return (u: number, v: number): number => {
    let far = 0;
    if (kind === 'branches') {
      const near = Math.min(1, Math.max(0, Math.hypot(u - 0.5, v - 1) * 1.6 - 0.5));
      far = 2.6 * (1 - near + 0.5 * (valueNoise(3 * u, 3 * v, seed + 4) - 0.5));
    } else {
      far = 0.9 + 2 * (valueNoise(5 * u, 5 * v, seed + 4) - 0.45);
    }
    far = Math.min(2.6, Math.max(0, far));
    const level = far | 0;
    const a = patternValue(levels[level] as PatternLevel, u, v);
    const b = patternValue(levels[level + 1] as PatternLevel, u, v);
    return (a + (far - level) * (b - a)) / 255;
  };
}

/** Between four pixels; the pattern is mirrored at its borders. */
function patternValue({ side, values }: PatternLevel, u: number, v: number): number {
  const x = u * side - 0.5;
  const y = v * side - 0.5;
  const x0 = Math.floor(x);
  const y0 = Math.floor(y);
  const fx = x - x0;
  const fy = y - y0;
  const left = folded(x0, side);
  const right = folded(x0 + 1, side);
  const upper = folded(y0, side) * side;
  const lower = folded(y0 + 1, side) * side;
  const a = values[upper + left] as number;
  const b = values[upper + right] as number;
  const c = values[lower + left] as number;
  const d = values[lower + right] as number;
  return a + (b - a) * fx + (c - a) * fy + (a - b - c + d) * fx * fy;
}

function folded(at: number, side: number): number {
  const place = at & (2 * side - 1);
  return place < side ? place : 2 * side - 1 - place;
}

/** 0 outside … 1 inside of an edge that is twice as wide as `width`. */
const softEdge = (depth: number, width: number) => smoothstep(-width, width, depth);

/** Slats with two cords in a frame, softer the farther down. */
function blindsAt({ slats, softness, scale }: Shadow, { side }: Places) {
  return (across: number, v: number): number => {
    const u = across + 0.22 * (v - 0.5);
    const far = Math.min(2.6, Math.max(0.35, 0.4 + 1.6 * v));
    // At least one pixel, so that edges have no steps.
    const soft = Math.max(1 / side, softness * far) / scale;
    const t = v * slats - 0.31;
    const slat = softEdge(0.29 - Math.abs(t - Math.round(t)), Math.min(0.3, soft * slats));
    const cords = Math.min(Math.abs(u - 0.2), Math.abs(u - 0.8));
    const cord = 0.8 * softEdge(0.004 - cords, soft + 0.002);
    const frame = softEdge(0.025 - Math.min(u, 1 - u, v, 1 - v), soft);
    return Math.max(slat, cord, frame);
  };
}

/** The last few patterns: a plan is prepared several times over, and a pattern depends on nothing in the photograph. */
const PATTERNS = 4;
const patterns = new Map<string, ShadowPattern>();

function kept(key: string, make: () => ShadowPattern): ShadowPattern {
  const pattern = patterns.get(key) ?? make();
  // Set again to move it to the end: the first entry is the one not used for longest.
  patterns.delete(key);
  patterns.set(key, pattern);
  const oldest = patterns.size > PATTERNS ? patterns.keys().next().value : undefined;
  if (oldest !== undefined) patterns.delete(oldest);
  return pattern;
}

type Shade = (
  view: SceneView,
  parameters: Readonly<Record<string, number>>,
  seed: number,
) => Shadow;

const shadowBranchesOf: Shade = (
  view,
  { strength = 0.7, cover = 0.3, leaf = 0.5, softness = 0.004 },
  seed,
) => {
  const scale = 1.15;
  const side = patternSideFor(view.extent);
  const pattern = kept(`branches ${[side, cover, leaf, seed, softness].join(' ')}`, () =>
    patternOf(branches(side, cover, leaf, seed), side, softness / scale),
  );
  const angle = 0.14 + 0.3 * (hash01(1, 2, seed) - 0.5);
  return shadowOf(view, 'branches', seed, { strength, scale, angle, pattern }, [0.75, 0.6, 1.25]);
};

const dappleOf: Shade = (view, { strength = 0.7, scale = 0.95, softness = 0.006 }, seed) => {
  const side = patternSideFor(view.extent);
  const pattern = kept(`foliage ${[side, scale, seed, softness].join(' ')}`, () =>
    patternOf(foliage(side, seed), side, softness / scale),
  );
  return shadowOf(view, 'dapple', seed, { strength, scale, pattern }, [0.75, 0.6, 1.35]);
};

const blindsOf: Shade = (
  view,
  { strength = 0.8, slats = 15, angle = -9, softness = 0.0035 },
  seed,
) =>
  shadowOf(
    view,
    'blinds',
    seed,
    {
      strength,
      scale: 0.88 + 0.2 * hash01(3, 4, seed),
      angle: (angle * Math.PI) / 180,
      slats,
      softness,
    },
    [0.68, 0.8, 1.1],
  );

const rendererOf = (prepare: Shade) => {
  const renderer: ElementRenderer<Shadow> = { prepare, render: renderShadow };
  return rendered(renderer, ['sky'], { overFace: 0.2, overPerson: 0.75 });
};

export const shadowBranches = rendererOf(shadowBranchesOf);
export const shadowDapple = rendererOf(dappleOf);
export const shadowBlinds = rendererOf(blindsOf);
