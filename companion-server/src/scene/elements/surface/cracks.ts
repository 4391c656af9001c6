import type { Extent } from '@emoeditor/shared';
import { type Plane, smoothstep } from '../../../compositor/planes.ts';
import type { ElementRenderer, ElementTile, SceneView } from '../elementRenderer.ts';
import { blurred } from '../light/blur.ts';
import { enlargedTo } from '../light/enlarge.ts';
import { fractalNoise, hash01 } from '../light/noise.ts';
import { placesOf } from '../light/places.ts';
import { luminancePlane } from '../light/sceneNumbers.ts';
import { rendered } from '../renderedElement.ts';
import { skyLike } from '../skyMatte.ts';
import { groundRow, type SurfacePlane, surfacePlane } from './surfacePlace.ts';

interface Cracks {
  readonly extent: Extent;
  readonly strength: number;
  /** Of a crack, as a share of a cell. */
  readonly width: number;
  readonly share: number;
  readonly surface: SurfacePlane;
  readonly seed: number;
  /** Where a plain surface is. */
  readonly room: Plane;
}

/** Size of a cell between cracks, as a share of the long side. */
const CELL = 0.16;
/** Step towards the light, in shares of the long side: a crack's lip on that side is lit. */
const LIP = 0.0012;
/** Distance from a crack's rim, in cells, at which no lip can be: more than the step towards the light. */
const NEAR = 0.05;

function prepareCracks(
  view: SceneView,
  { strength = 0.8, width = 0.016, share = 0.6 }: Record<string, number>,
  seed: number,
): Cracks {
  const { extent, light, maps } = view;
  const { ground, building, sky, subject, person, vegetation } = maps.planes;
  const surface = surfacePlane(view);
  const alike = skyLike(view, surface.horizon + 0.1);
  const tones = luminancePlane(light).map((y) => Math.log2(y + 0.02));
  const mean = blurred(tones, extent, 0.012);
  const square = blurred(
    tones.map((value) => value * value),
    extent,
    0.012,
  );
  const plain = mean.map((value, i) => {
    const rough = Math.sqrt(Math.max(0, (square[i] as number) - value * value));
    const hard = smoothstep(
      0.4,
      0.75,
      Math.max(ground[i] as number, 0.8 * (building[i] as number)),
    );
    const before = Math.max(subject[i] as number, person[i] as number, sky[i] as number);
    const solid = (1 - before) * (1 - (vegetation[i] as number)) * (1 - (alike?.[i] ?? 0));
    return smoothstep(0.75, 0.4, rough) * hard * solid;
  });
  return {
    extent,
    ...{ strength, width, share, seed },
    surface,
    room: blurred(plain, extent, 0.004),
  };
}

function renderCracks(cracks: Cracks, tile: ElementTile): void {
  const room = enlargedTo(cracks.extent, tile)(cracks.room);
  const [ground, sky] = [tile.map('ground'), tile.map('sky')];
  const { x, y, width: wide, side } = placesOf(tile);
  const here: Crack = { deep: 0, away: 1 };
  const there: Crack = { deep: 0, away: 1 };
  for (const [row, py] of y.entries()) {
    const { across, along, stretch } = groundRow(cracks.surface, py);
    for (let column = 0; column < x.length; column++) {
      const px = x[column] as number;
      const i = row * x.length + column;
      const place = (room[i] as number) * (1 - (sky[i] as number));
      if (place <= 0.01) continue;
      const onGround = cracks.surface.known && (ground[i] as number) > 0.5;
      const u = onGround ? (px - 0.5 * wide) * across : px - 0.5 * wide;
      const v = onGround ? along : py;
      const pixel = (onGround ? stretch : 1) / side;
      crackAt(cracks, u, v, pixel, here);
      // Far from any crack, nothing is drawn.
      if (here.deep <= 0 && here.away > NEAR) continue;
      const deep = place * here.deep;
      crackAt(cracks, u - LIP * 0.75, v - LIP, pixel, there);
      const lip = Math.max(0, place * there.deep - deep);
      if (deep <= 0 && lip <= 0) continue;
      const gain = (1 - cracks.strength * 0.88 * deep) * (1 + 0.3 * cracks.strength * lip);
      for (let k = 0; k < 3; k++) {
        const plane = tile.light[k] as Plane;
        plane[i] = (plane[i] as number) * gain;
      }
    }
  }
}

/** The nearest crack, seen from one place. */
interface Crack {
  /** Darkness of the crack at the place, 0 … 1. */
  deep: number;
  /** Distance from its rim, in cells; far where there is none. */
  away: number;
}

/** Borders of warped cells (Worley 1996), in two sizes, whose gaps open and close. */
function crackAt(cracks: Cracks, px: number, py: number, pixel: number, out: Crack): void {
  const { seed } = cracks;
  const u = px / CELL;
  const v = py / CELL;
  const size = pixel / CELL;
  out.deep = 0;
  out.away = 1;
  const area = fractalNoise(0.9 * u, 0.9 * v, seed + 11, { count: 3, gain: 0.5 }, 0.9 * size);
  const open = smoothstep(0.62 - 0.35 * cracks.share, 0.72 - 0.35 * cracks.share, area);
  if (open <= 0) return;
  const gaps = fractalNoise(5 * u, 5 * v, seed + 15, { count: 2, gain: 0.5 }, 5 * size);
  const width = cracks.width * Math.min(1.6, Math.max(0, 0.25 + 2.4 * (gaps - 0.33))) * open;
  if (width <= 0) return;
  const warp = { count: 4, gain: 0.6 };
  const w1 = fractalNoise(2.2 * u, 2.2 * v, seed, warp, 2.2 * size) - 0.5;
  const w2 = fractalNoise(2.2 * u + 7, 2.2 * v + 3, seed + 2, warp, 2.2 * size) - 0.5;
  const edge = 0.8 * size;
  const shown = smoothstep(0, 0.8 * edge, width);
  const big = cellBorder(u + 0.3 * w1, v + 0.3 * w2, seed + 5);
  out.deep = smoothstep(width + edge, 0.35 * width, big) * shown;
  out.away = big - width - edge;
  const narrow = width * 0.55 * smoothstep(0.45, 0.6, area);
  if (narrow <= 0.1 * edge) return;
  const small = cellBorder(3.1 * u + 0.6 * w1, 3.1 * v + 0.6 * w2, seed + 9);
  const fine = smoothstep(3.1 * (narrow + edge), narrow, small) * smoothstep(0, edge, narrow);
  out.deep = Math.max(out.deep, 0.75 * fine);
  out.away = Math.min(out.away, small / 3.1 - narrow - edge);
}

/** Distance to the second nearest point less that to the nearest: 0 on the border between two cells. */
function cellBorder(x: number, y: number, seed: number): number {
  const ix = Math.floor(x);
  const iy = Math.floor(y);
  let nearest = 9;
  let second = 9;
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const cx = ix + dx;
      const cy = iy + dy;
      const px = x - cx - hash01(cx, cy, seed);
      const py = y - cy - hash01(cx, cy, seed + 1);
      const distance = Math.sqrt(px * px + py * py);
      if (distance < nearest) {
        second = nearest;
        nearest = distance;
      } else if (distance < second) {
        second = distance;
      }
    }
  }
  return second - nearest;
}

const cracksRenderer: ElementRenderer<Cracks> = { prepare: prepareCracks, render: renderCracks };

export const cracks = rendered(cracksRenderer, ['sky', 'ground'], { overFace: 0, overPerson: 0 });
