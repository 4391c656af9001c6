import type { Extent } from '@emoeditor/shared';
import type { ElementRenderer, LightPlanes, SceneView } from '../elementRenderer.ts';
import { blurredLight } from '../light/blur.ts';
import { valueAt } from '../light/enlarge.ts';
import { randomOf } from '../light/noise.ts';
import { placesOf } from '../light/places.ts';
import {
  type Light,
  lightSide,
  luminance,
  luminancePlane,
  percentile,
} from '../light/sceneNumbers.ts';
import { rendered } from '../renderedElement.ts';
import { behindDepth } from '../shapes/shapes.ts';
import { shrunkView } from '../sky/shrunkView.ts';
import type { Direction } from '../sky/skyFrame.ts';
import { type Card, type CardKind, drawCards } from './cardShape.ts';

interface Cards {
  readonly cards: readonly Card[];
  readonly kind: CardKind;
  readonly sun: Direction;
}

/** Linear light of petals and leaves in full light. */
const COLOURS: Readonly<Record<CardKind, readonly Light[]>> = {
  petal: [
    [0.92, 0.62, 0.68],
    [0.95, 0.76, 0.79],
    [0.88, 0.48, 0.57],
  ],
  leaf: [
    [0.55, 0.16, 0.03],
    [0.62, 0.3, 0.04],
    [0.38, 0.1, 0.03],
    [0.5, 0.38, 0.06],
    [0.28, 0.14, 0.05],
  ],
};

/** Cards far away, at middle distance, and before the lens: share of all, half length, width of the rim, opacity. */
const DISTANCES = [
  { share: 0.58, size: [0.0028, 0.0055], rim: [0.05, 0.25], alpha: 0.92 },
  { share: 0.33, size: [0.006, 0.0125], rim: [0.02, 0.3], alpha: 0.97 },
  { share: 0.09, size: [0.018, 0.036], rim: [0.28, 0.62], alpha: 0.86 },
] as const;
const COUNT = 105;

function prepareCards(kind: CardKind, whole: SceneView, amount: number, seed: number): Cards {
  const view = shrunkView(whole);
  const { extent, maps } = view;
  const random = randomOf(seed + 21);
  const around = blurredLight(view.light, extent, 0.08);
  const bright = percentile(luminancePlane(view.light), 0.75);
  const cards: Card[] = [];
  for (let n = 0; n < COUNT * amount; n++) {
    const chance = random();
    const at = chance < 0.58 ? 0 : chance < 0.91 ? 1 : 2;
    const place = placeOf(random, extent, at === 2);
    const card = cardOf(random, at, place);
    const hue = COLOURS[kind][Math.floor(random() * COLOURS[kind].length)] as Light;
    const gain = 0.8 + 0.32 * random();
    const inside = { x: Math.max(0, place.x), y: Math.max(0, place.y) };
    if (at > 0 && valueAt(maps.planes.person, extent, inside.x, inside.y) > 0.3) continue;
    const local = around.map((p) => valueAt(p, extent, inside.x, inside.y)) as unknown as Light;
    cards.push({ ...card, colour: litColour(hue, gain, local, bright, kind, at === 0) });
  }
  const side = lightSide(view);
  const norm = 1 / Math.hypot(0.43, 0.6, 0.55);
  // Far ones first.
  cards.sort((a, b) => a.size - b.size);
  return { cards, kind, sun: [side * 0.43 * norm, -0.6 * norm, 0.55 * norm] };
}

function placeOf(random: () => number, { width, height }: Extent, isNear: boolean) {
  const side = Math.max(width, height);
  let x = 1.04 * random() - 0.02;
  const y = 1.02 * random() - 0.02;
  const isCentral = x > 0.28 && x < 0.72 && y > 0.2 && y < 0.9;
  const [left, away] = [random() < 0.5, 0.22 * random()];
  // Cards close to the lens stay out of the middle of the picture.
  if (isNear && isCentral) x = left ? away - 0.02 : 0.8 + away;
  return { x: (x * width) / side, y: (y * height) / side };
}

/** A card turned in the plane and tipped about an axis in it. */
function cardOf(random: () => number, at: 0 | 1 | 2, place: { x: number; y: number }) {
  const { size: sizes, rim: rims, alpha } = DISTANCES[at];
  const size = sizes[0] + (sizes[1] - sizes[0]) * random();
  const rim = rims[0] + (rims[1] - rims[0]) * random();
  const [turn, tip, axis] = [2 * Math.PI * random(), 0.15 + 1.2 * random(), 2 * Math.PI * random()];
  const first = tipped([Math.cos(turn), Math.sin(turn), 0], axis, tip);
  const second = tipped([-Math.sin(turn), Math.cos(turn), 0], axis, tip);
  let [a, b, c, d] = [first[0], second[0], first[1], second[1]];
  if (Math.abs(a * d - b * c) < 0.14) [a, d] = [a + 0.3, d + 0.3];
  const determinant = (a * d - b * c) * size;
  const safe = Math.abs(determinant) < 0.05 * size ? 0.05 * size : determinant;
  const normal: Direction = [
    first[1] * second[2] - first[2] * second[1],
    first[2] * second[0] - first[0] * second[2],
    first[0] * second[1] - first[1] * second[0],
  ];
  return {
    ...place,
    inverse: [d / safe, -b / safe, -c / safe, a / safe] as const,
    reach: (1.5 + rim) * size,
    bend: 1.8 * random() - 0.9,
    rim,
    normal,
    alpha,
    size,
    depth: at === 0 ? 0.5 : -1,
  };
}

/** Rotation of a vector about an axis in the picture's plane (Rodrigues). */
function tipped([x, y, z]: Direction, axis: number, angle: number): Direction {
  const [kx, ky] = [Math.cos(axis), Math.sin(axis)];
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const along = (kx * x + ky * y) * (1 - c);
  return [
    x * c + ky * z * s + kx * along,
    y * c - kx * z * s + ky * along,
    z * c + (kx * y - ky * x) * s,
  ];
}

/** A card's colour in the light of its place, faded into the air's colour with distance. */
function litColour(
  hue: Light,
  gain: number,
  local: Light,
  bright: number,
  kind: CardKind,
  isFar: boolean,
): Light {
  const y = luminance(...local);
  const level = (kind === 'petal' ? 2.9 : 2.3) * (0.45 * y + 0.55 * bright);
  const light = Math.min(1.7, Math.max(0.03, level)) * gain;
  return hue.map((value, k) => {
    const tint = Math.min(1.6, Math.max(0.6, ((local[k] as number) + 0.03) / (y + 0.03)));
    const lit = value * (0.7 + 0.3 * tint) * light;
    return isFar ? 0.85 * lit + 0.15 * (local[k] as number) : lit;
  }) as unknown as Light;
}

function drifting(kind: CardKind) {
  const renderer: ElementRenderer<Cards> = {
    prepare: (view, { amount = 1 }, seed) => prepareCards(kind, view, amount, seed),
    render: ({ cards, sun }, tile) => {
      const seen = behindDepth(tile.map('depth'), tile.map('sky'), 0.2);
      drawCards(cards, kind, sun, placesOf(tile), tile.light as LightPlanes, seen);
    },
  };
  return rendered(renderer, ['sky', 'depth'], { overFace: 0, overPerson: 0.25 });
}

export const petals = drifting('petal');
export const leaves = drifting('leaf');
