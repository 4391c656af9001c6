import type { Plane } from '../../../compositor/planes.ts';
import type { LightPlanes } from '../elementRenderer.ts';
import type { Places } from '../light/places.ts';
import type { Light, Place } from '../light/sceneNumbers.ts';
import type { Direction } from '../sky/skyFrame.ts';

/** A curved card in the air: a petal or a leaf. Lengths are shares of the long side. */
export interface Card extends Place {
  /** From the picture to the card's own axes; the card spans −1 … 1 on each. */
  readonly inverse: readonly [number, number, number, number];
  /** Radius around the middle outside which nothing of it is drawn. */
  readonly reach: number;
  readonly bend: number;
  /** Width of its rim in its own units. */
  readonly rim: number;
  readonly colour: Light;
  readonly normal: Direction;
  readonly alpha: number;
  /** Half length; gives the size of a pixel in the card's units. */
  readonly size: number;
  /** 0 near … 1 far; −1 before everything. */
  readonly depth: number;
}

export type CardKind = 'petal' | 'leaf';

/**
 * Draws cards in the order of the list. @param seen share of a card at a distance that is seen at a pixel
 */
export function drawCards(
  cards: readonly Card[],
  kind: CardKind,
  sun: Direction,
  { x, y, side }: Places,
  light: LightPlanes,
  seen: (i: number, depth: number) => number,
): void {
  const [left, top] = [x[0] as number, y[0] as number];
  for (const card of cards) {
    const { reach } = card;
    const column0 = Math.max(0, Math.ceil((card.x - reach - left) * side));
    const column1 = Math.min(x.length - 1, Math.floor((card.x + reach - left) * side));
    const row0 = Math.max(0, Math.ceil((card.y - reach - top) * side));
    const row1 = Math.min(y.length - 1, Math.floor((card.y + reach - top) * side));
    if (column0 > column1 || row0 > row1) continue;
    const [a, b, c, d] = card.inverse;
    const rim = 1.2 / (card.size * side) + card.rim;
    for (let row = row0; row <= row1; row++) {
      const dy = (y[row] as number) - card.y;
      for (let column = column0; column <= column1; column++) {
        const dx = (x[column] as number) - card.x;
        const p = a * dx + b * dy;
        const q = c * dx + d * dy + card.bend * 0.35 * (p * p - 0.3);
        const inside = insideOf(kind, p, q) / rim / 2 + 0.5;
        if (inside <= 0) continue;
        const i = row * x.length + column;
        const cover = inside >= 1 ? 1 : inside * inside * (3 - 2 * inside);
        const amount = cover * card.alpha * seen(i, card.depth);
        if (amount <= 0) continue;
        const shade = shadeOf(card, kind, sun, p, q);
        for (let k = 0; k < 3; k++) {
          const plane = light[k] as Plane;
          const old = plane[i] as number;
          plane[i] = old + amount * (shade * (card.colour[k] as number) - old);
        }
      }
    }
  }
}

/** Distance inside its outline, roughly, in the card's units. */
function insideOf(kind: CardKind, p: number, q: number): number {
  const t = Math.min(1, Math.max(0, 0.5 * (p + 1)));
  const across = Math.abs(q);
  if (kind === 'leaf') {
    const half = 0.62 * Math.sin(Math.PI * t ** 0.85) * (1 - 0.25 * t) + 0.03 * Math.sin(70 * t);
    return Math.min(half - across, 1 - p, p + 1);
  }
  // A drop with a notch at its wide end.
  const half = 0.95 * Math.sqrt(t * (1.02 - t)) * (0.55 + 0.9 * t);
  const notch = 0.16 * Math.exp(-((q / 0.12) ** 2));
  return Math.min(half - across, 1 - notch - p, p + 1);
}

/** Light on a curved, veined card; against the sun light comes through it. */
function shadeOf(
  { normal, bend, inverse }: Card,
  kind: CardKind,
  sun: Direction,
  p: number,
  q: number,
): number {
  const tilt = (0.8 * bend * p) / (Math.abs(inverse[0]) + Math.abs(inverse[1]) + 1e-6);
  const nx = normal[0] - tilt * inverse[0];
  const ny = normal[1] - tilt * inverse[1];
  const nz = normal[2];
  const norm = 1 / Math.sqrt(nx * nx + ny * ny + nz * nz);
  const facing = (nx * sun[0] + ny * sun[1] + nz * sun[2]) * norm;
  const lit = 0.58 + (facing > 0 ? 0.6 * facing : -0.38 * facing);
  const thin = 1 - 0.25 * (1 - Math.min(1, 2 * Math.abs(facing)));
  const t = Math.min(1, Math.max(0, 0.5 * (p + 1)));
  const side = Math.abs(Math.sin((1.2 * Math.abs(q) - p) * 14)) * (kind === 'leaf' ? 0.25 : 0.09);
  const veins = (kind === 'leaf' ? 0.5 : 0.18) * (0.5 * Math.exp(-((q / 0.035) ** 2)) + side);
  return lit * thin * (1 - veins - 0.18 * (1 - t));
}
