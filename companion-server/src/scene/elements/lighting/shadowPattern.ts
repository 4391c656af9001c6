import type { Extent } from '@emoeditor/shared';
import type { Plane } from '../../../compositor/planes.ts';
import { discMean } from '../light/blur.ts';
import { valueAt } from '../light/enlarge.ts';
import { fractalNoise, normalOf, randomOf } from '../light/noise.ts';

/** What stands between the sun and the scene, on a square: 0 open … 255 closed. */
export interface ShadowPattern {
  /** The same under four sizes of the sun's disc, see PENUMBRAS; soft ones with fewer pixels. */
  readonly levels: readonly PatternLevel[];
}

export interface PatternLevel {
  /** A power of two. */
  readonly side: number;
  readonly values: Uint8Array;
}

/** Side of the square in pixels, for a view that is rendered at full resolution and for one that is only judged. */
const FINE_SIDE = 1024;
const COARSE_SIDE = 256;
/** Long side of a view up to which the coarse square is fine enough. */
const COARSE_VIEW = 400;

export const patternSideFor = ({ width, height }: Extent): number =>
  Math.max(width, height) <= COARSE_VIEW ? COARSE_SIDE : FINE_SIDE;

/** Penumbra in pixels from which half the resolution is enough. */
const SOFT = 5;
/** Penumbra of each level, in units of the softness asked for: it grows with the distance of what throws the shadow. */
export const PENUMBRAS = [0.35, 1, 2.2, 4.5] as const;

/**
 * @param closed a square of that side
 * @param softness radius of the penumbra as a share of the side
 */
export function patternOf(closed: Plane, whole: number, softness: number): ShadowPattern {
  const coarse = halved(closed, whole);
  return {
    levels: PENUMBRAS.map((size) => {
      const isSoft = softness * size * whole > SOFT;
      const side = isSoft ? whole / 2 : whole;
      const plane = isSoft ? coarse : closed;
      const seen = discMean(plane, { width: side, height: side }, softness * size);
      const values = Uint8Array.from(seen, (value) =>
        Math.round(255 * Math.min(1, Math.max(0, value))),
      );
      return { side, values };
    }),
  };
}

function halved(plane: Plane, side: number): Plane {
  const half = side / 2;
  return Float32Array.from({ length: half * half }, (_, i) => {
    const at = 2 * Math.floor(i / half) * side + 2 * (i % half);
    const sum = (plane[at] as number) + (plane[at + 1] as number);
    return (sum + (plane[at + side] as number) + (plane[at + side + 1] as number)) / 4;
  });
}

/** Gaps in foliage: noise over a threshold. The noise has nothing finer than a 128th of the square. */
export function foliage(whole: number, seed: number): Plane {
  const side = whole / 2;
  const noise = new Float32Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [u, v] = [x / side, y / side];
      const fine = fractalNoise(15 * u, 15 * v, seed, { count: 4, gain: 0.62 });
      const coarse = fractalNoise(4 * u, 4 * v, seed + 3, { count: 2, gain: 0.5 });
      noise[y * side + x] = fine + 0.25 * (coarse - 0.5);
    }
  }
  const plane = new Float32Array(whole * whole);
  const extent = { width: side, height: side };
  for (let row = 0, i = 0; row < whole; row++) {
    for (let column = 0; column < whole; column++, i++) {
      const value = valueAt(noise, extent, (column + 0.5) / whole, (row + 0.5) / whole);
      plane[i] = 1 - Math.min(1, Math.max(0, (value - 0.555) / 0.045));
    }
  }
  return plane;
}

/** Draws strokes and leaves until they cover that share of the square. */
export function branches(whole: number, cover: number, leaf: number, seed: number): Plane {
  const random = randomOf(seed);
  const drawing = new Drawing(whole, leaf, random);
  for (let i = 0; i < 14 && drawing.cover() < cover; i++) {
    const side = (i + (seed & 0xff)) % 3;
    const long = 0.5 + 0.35 * random();
    if (side === 0) drawing.grow(-0.02, 0.7 * random() - 0.1, 0.7 * random() - 0.2, long, 0.016, 0);
    else if (side === 1)
      drawing.grow(0.1 + 0.8 * random(), -0.02, 1 + 1.1 * random(), long, 0.016, 0);
    else drawing.grow(1.02, 0.7 * random() - 0.1, Math.PI + 0.7 * random() - 0.5, long, 0.016, 0);
  }
  return drawing.plane;
}

const MOST_TWIGS = [7, 4, 2] as const;

class Drawing {
  readonly plane: Plane;
  private readonly side: number;
  private readonly leaf: number;
  private readonly random: () => number;

  constructor(side: number, leaf: number, random: () => number) {
    this.plane = new Float32Array(side * side);
    this.side = side;
    this.leaf = leaf;
    this.random = random;
  }

  cover(): number {
    let sum = 0;
    for (const value of this.plane) sum += value;
    return sum / this.plane.length;
  }

  /** A branch with its twigs and leaves. Lengths in shares of the square, angles in radians. */
  grow(
    fromX: number,
    fromY: number,
    heading: number,
    length: number,
    width: number,
    level: number,
  ) {
    const { random } = this;
    const steps = Math.max(5, Math.floor(length / 0.022));
    const twigs = MOST_TWIGS[level] ?? 0;
    const bend = 0.015 * normalOf(random);
    let side = random() < 0.5 ? -1 : 1;
    let [x, y, angle] = [fromX, fromY, heading];
    for (let i = 0; i < steps; i++) {
      angle += 0.07 * normalOf(random) + bend;
      const [nextX, nextY] = [
        x + (Math.cos(angle) * length) / steps,
        y + (Math.sin(angle) * length) / steps,
      ];
      const thick = width * (1 - (0.75 * i) / steps);
      this.stroke(x, y, nextX, nextY, Math.max(0.0005, thick / 2));
      [x, y] = [nextX, nextY];
      if (i > 0 && random() < twigs / (steps - 1)) {
        side = -side;
        const away = angle + side * (0.45 + 0.45 * random());
        this.grow(x, y, away, length * (0.3 + 0.2 * random()), width * 0.5, level + 1);
      }
      if (level >= 1 && random() < 0.55 * this.leaf)
        this.leaves(x, y, angle, 1 + Math.floor(2 * random()));
    }
    if (level >= 1 && this.leaf > 0) this.leaves(x, y, angle, 1);
  }

  private stroke(ax: number, ay: number, bx: number, by: number, radius: number) {
    const [dx, dy] = [bx - ax, by - ay];
    const inverse = 1 / Math.max(1e-12, dx * dx + dy * dy);
    this.fill(
      Math.min(ax, bx),
      Math.min(ay, by),
      Math.max(ax, bx),
      Math.max(ay, by),
      radius,
      (x, y) => {
        const t = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) * inverse));
        return radius - Math.hypot(x - ax - t * dx, y - ay - t * dy);
      },
    );
  }

  private leaves(x: number, y: number, angle: number, count: number) {
    for (let i = 0; i < count; i++) {
      const turn = angle + 0.8 * normalOf(this.random);
      const length = 0.011 + 0.01 * this.random();
      // Foreshortening: leaves are seen at random angles.
      const width = 0.22 + 0.28 * this.random();
      const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
      const [cx, cy] = [x + cos * length * 1.25, y + sin * length * 1.25];
      this.fill(cx, cy, cx, cy, length, (px, py) => {
        const u = ((px - cx) * cos + (py - cy) * sin) / length;
        const v = Math.abs((py - cy) * cos - (px - cx) * sin);
        return u * u < 1 ? Math.sqrt(1 - u * u) * width * length * (1 - 0.5 * u) - v : -1;
      });
    }
  }

  /** @param depth how far inside the shape a place lies, negative outside */
  private fill(
    left: number,
    top: number,
    right: number,
    bottom: number,
    reach: number,
    depth: (x: number, y: number) => number,
  ) {
    const { side } = this;
    const from = (value: number) => Math.max(0, Math.floor((value - reach) * side) - 1);
    const to = (value: number) => Math.min(side - 1, Math.ceil((value + reach) * side) + 1);
    for (let py = from(top); py <= to(bottom); py++) {
      for (let px = from(left); px <= to(right); px++) {
        const inside = depth((px + 0.5) / side, (py + 0.5) / side) * side + 0.5;
        if (inside <= 0) continue;
        const at = py * side + px;
        this.plane[at] = Math.max(this.plane[at] as number, Math.min(1, inside));
      }
    }
  }
}
