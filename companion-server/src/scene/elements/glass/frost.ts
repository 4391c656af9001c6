import type { Extent } from '@emoeditor/shared';
import { type Plane, smoothstep } from '../../../compositor/planes.ts';
import type { ElementRenderer, ElementTile, LightPlanes, SceneView } from '../elementRenderer.ts';
import { blurredLight } from '../light/blur.ts';
import { enlargedTo } from '../light/enlarge.ts';
import { fractalNoise } from '../light/noise.ts';
import { type Places, placesOf } from '../light/places.ts';
import { luminancePlane, percentile } from '../light/sceneNumbers.ts';
import { rendered } from '../renderedElement.ts';
import { type Ferns, fernsOn, type Ice, iceAt } from './ice.ts';

interface Frost {
  readonly extent: Extent;
  readonly reach: number;
  readonly amount: number;
  readonly cold: number;
  readonly seed: number;
  readonly large: Ferns;
  readonly small: Ferns;
  /** Displacement of the ferns, in cells of either size. */
  readonly warps: readonly [Plane, Plane, Plane, Plane];
  /** Distance to the border of the picture, made uneven. */
  readonly border: Plane;
  /** The scene seen through ice and through the mist before it, and its blurred colour. */
  readonly through: LightPlanes;
  readonly misty: LightPlanes;
  readonly around: LightPlanes;
  /** Luminance of white ice. */
  readonly white: number;
}

const SIZE = 0.105;
const SMALL = 0.38;
const BLUR = 0.008;

function prepareFrost(
  view: SceneView,
  { reach = 0.2, amount = 0.9, cold = 0.6 }: Record<string, number>,
  seed: number,
): Frost {
  const { extent, light } = view;
  const places = placesOf({ bounds: { left: 0, top: 0, ...extent }, extent });
  const { width, height } = places;
  const field = (scale: number, shift: number, from: number, count: number) =>
    noisePlane(places, scale, from, seed + shift, count);
  return {
    extent,
    ...{ reach, amount, cold, seed },
    large: fernsOn(width, height, SIZE, seed),
    small: fernsOn(width, height, SIZE * SMALL, seed + 200),
    warps: [
      field(SIZE / 0.9, 60, 0, 4),
      field(SIZE / 0.9, 61, 5, 4),
      field((SIZE * SMALL) / 0.9, 260, 0, 3),
      field((SIZE * SMALL) / 0.9, 261, 5, 3),
    ],
    border: field(0.2, 0, 0, 5).map((noise, i) => {
      const x = places.x[i % extent.width] as number;
      const y = places.y[Math.floor(i / extent.width)] as number;
      const edge = Math.min(x, width - x, 1.2 * y, 0.85 * (height - y));
      return edge + 0.9 * reach * noise;
    }),
    through: blurredLight(light, extent, BLUR),
    misty: blurredLight(light, extent, 0.4 * BLUR),
    around: blurredLight(light, extent, 0.09),
    white: Math.max(0.12, percentile(luminancePlane(light), 0.92)),
  };
}

/** Noise about 0 over the view. */
function noisePlane(
  { x, y, side }: Places,
  scale: number,
  from: number,
  seed: number,
  count: number,
) {
  const plane = new Float32Array(x.length * y.length);
  for (const [row, py] of y.entries()) {
    for (let column = 0; column < x.length; column++) {
      const px = x[column] as number;
      const [u, v] = [px / scale + from, py / scale];
      plane[row * x.length + column] =
        fractalNoise(u, v, seed, { count, gain: 0.5 }, 1 / (scale * side)) - 0.5;
    }
  }
  return plane;
}

function renderFrost(frost: Frost, tile: ElementTile): void {
  const enlarge = enlargedTo(frost.extent, tile);
  const border = enlarge(frost.border);
  // No ice grows farther from the border than this, so most of the picture stays bit-identical.
  const beyond = 1.28 * frost.reach;
  if (border.every((value) => value >= beyond)) return;
  const warps = frost.warps.map(enlarge);
  const [through, misty, around] = [frost.through, frost.misty, frost.around].map((planes) =>
    planes.map(enlarge),
  ) as [Plane[], Plane[], Plane[]];
  const { x, y, side } = placesOf(tile);
  const ice: Ice = { pattern: 0, slope: 0, id: 0 };
  for (const [row, py] of y.entries()) {
    for (let column = 0; column < x.length; column++) {
      const px = x[column] as number;
      const i = row * x.length + column;
      if ((border[i] as number) >= beyond) continue;
      const look = iceLook(frost, warps, i, px, py, side, ice);
      const front = smoothstep(0.26, 0.62, lookEdge(frost, border[i] as number, look));
      const grown = smoothstep(1.15 * frost.reach, 0, (border[i] as number) + look.shift);
      freeze(frost, tile, { through, misty, around }, i, grown, front, look);
    }
  }
}

interface Look {
  readonly pattern: number;
  readonly lit: number;
  readonly fine: number;
  /** Added to the distance from the border: how much less far this feather grew. */
  readonly shift: number;
}

function iceLook(
  { large, small, reach, seed }: Frost,
  warps: readonly Plane[],
  i: number,
  px: number,
  py: number,
  side: number,
  ice: Ice,
): Look {
  const [wx, wy, vx, vy] = warps as [Plane, Plane, Plane, Plane];
  const u = px / large.size + 0.55 * (wx[i] as number);
  const v = py / large.size + 0.55 * (wy[i] as number);
  const pixel = 1 / (large.size * side);
  iceAt(large, u, v, pixel, ice);
  const [first, slope, shift] = [ice.pattern, ice.slope, 0.25 * reach * (ice.id - 0.5)];
  const su = px / small.size + 0.55 * (vx[i] as number);
  const sv = py / small.size + 0.55 * (vy[i] as number);
  iceAt(small, su, sv, pixel / SMALL, ice);
  const pattern = 0.72 * first + 0.38 * ice.pattern * (0.6 + 0.4 * first);
  return {
    pattern: Math.min(1.2, pattern),
    lit: Math.min(1.5, Math.max(0.65, 1 + 0.8 * slope)),
    fine: fractalNoise(
      px / 0.004,
      py / 0.004,
      seed + 300,
      { count: 2, gain: 0.7 },
      1 / (0.004 * side),
    ),
    shift,
  };
}

/** Opacity of the ice. Barbs reach farther from the border than the ice between them, so the edge follows them. */
const lookEdge = ({ reach }: Frost, border: number, { shift, pattern }: Look) =>
  smoothstep(1.15 * reach, 0, border + shift) + 0.42 * (pattern - 0.55);

const COLD = [0.88, 0.99, 1.13] as const;
const COOL = [0.92, 0.99, 1.07] as const;

function freeze(
  { amount, cold, white }: Frost,
  tile: ElementTile,
  seen: { readonly through: Plane[]; readonly misty: Plane[]; readonly around: Plane[] },
  i: number,
  grown: number,
  front: number,
  { pattern, lit, fine }: Look,
): void {
  const thick = smoothstep(0.3, 1, grown);
  const body =
    0.14 + 0.26 * thick + (1.05 - 0.35 * thick) * pattern * Math.sqrt(Math.sqrt(pattern));
  const alpha = Math.min(0.97, amount * front * body * (0.75 + 0.5 * fine));
  const mist = smoothstep(0.05, 0.5, grown) * (1 - front) * 0.35;
  const soft = Math.min(1, 2 * mist + front);
  const shape = lit * (0.5 + 0.65 * pattern) * (0.8 + 0.4 * fine);
  const [a0, a1, a2] = seen.around.map((plane) => plane[i] as number) as [number, number, number];
  const grey = 0.2126 * a0 + 0.7152 * a1 + 0.0722 * a2;
  const touched = Math.max(soft, smoothstep(0, 0.2, grown));
  for (let k = 0; k < 3; k++) {
    const plane = tile.light[k] as Plane;
    const clear = plane[i] as number;
    const chill = 1 + cold * ((COLD[k] as number) - 1);
    const air = (0.5 * ((seen.around[k] as Plane)[i] as number) + 0.5 * grey) * chill;
    let value = clear + soft * (((seen.misty[k] as Plane)[i] as number) - clear);
    value += 0.35 * mist * (0.9 * air + 0.08 * white - value);
    value *= 1 + touched * cold * ((COOL[k] as number) - 1);
    const ice =
      0.25 * ((seen.through[k] as Plane)[i] as number) +
      (0.55 * air + 0.66 * white * chill) * shape;
    plane[i] = value + alpha * (ice - value);
  }
}

const frostRenderer: ElementRenderer<Frost> = { prepare: prepareFrost, render: renderFrost };

export const frost = rendered(frostRenderer, [], { overFace: 0 });
