import type { Extent } from '@emoeditor/shared';
import type { Plane } from '../../../compositor/planes.ts';
import type { ElementRenderer, ElementTile, LightPlanes, SceneView } from '../elementRenderer.ts';
import { blurredLight } from '../light/blur.ts';
import { enlargedTo } from '../light/enlarge.ts';
import { randomOf } from '../light/noise.ts';
import { inLongSides, placesOf } from '../light/places.ts';
import type { Place } from '../light/sceneNumbers.ts';
import { rendered } from '../renderedElement.ts';
import { drawShapes, OPEN, type Shape, type ShapeList, shapeList } from '../shapes/shapes.ts';
import { shrunkView } from '../sky/shrunkView.ts';

interface Branches {
  readonly extent: Extent;
  readonly twigs: ShapeList;
  /** Light around every place: bark reflects a small share of it. */
  readonly around: LightPlanes;
}

const LEVELS = 4;
const PIECES = 7;
const BARK = 0.06;
const NONE = [0, 0, 0] as const;

/** Bare branches that reach in from one side and from above, near to the camera and out of focus. */
function prepareBranches(
  whole: SceneView,
  { strength = 1, blur = 0.0022 }: Record<string, number>,
  seed: number,
): Branches {
  const view = shrunkView(whole);
  const { extent } = view;
  const { width, height } = inLongSides(extent);
  const random = randomOf(seed + 55);
  const isLeft = random() < 0.5;
  const shapes: Shape[] = [];
  const grow = (start: Place, angle: number, length: number, thick: number, level: number) =>
    twig({ random, shapes, blur }, start, angle, length, thick, level);
  for (let n = 0; n < Math.round(4 + 2 * strength); n++) {
    const turn = 0.1 + 0.55 * (2 * random() - 1);
    const start = { x: isLeft ? -0.02 : width + 0.02, y: (0.52 * random() - 0.1) * height };
    const length = 0.3 + 0.25 * random();
    grow(start, isLeft ? turn : Math.PI - turn, length, 0.0045 + 0.005 * random(), 0);
  }
  for (let n = 0; n < Math.round(2 * strength); n++) {
    const share = (isLeft ? 0.05 : 0.5) + 0.45 * random();
    const angle = Math.PI / 2 + random() - 0.5;
    const length = 0.14 + 0.14 * random();
    grow({ x: share * width, y: -0.02 }, angle, length, 0.0022 + 0.0023 * random(), 1);
  }
  return { extent, twigs: shapeList(shapes), around: blurredLight(view.light, extent, 0.03) };
}

interface Growth {
  readonly random: () => number;
  readonly shapes: Shape[];
  readonly blur: number;
}

/** A bent line that tapers and forks to alternate sides. */
function twig(
  growth: Growth,
  start: Place,
  angle: number,
  length: number,
  thick: number,
  level: number,
): void {
  const { random, shapes, blur } = growth;
  let from = start;
  let turn = angle;
  for (let n = 0; n < PIECES; n++) {
    turn += 0.44 * random() - 0.22;
    const step = length / PIECES;
    const to = { x: from.x + step * Math.cos(turn), y: from.y + step * Math.sin(turn) };
    const radius = thick * (1 - 0.62 * (n / PIECES));
    // A thin twig out of focus is wide and faint.
    const kept = Math.min(1, (1.15 * radius) / (radius + 0.3 * blur));
    const colour = NONE;
    shapes.push({ from, to, radius: radius + 0.15 * blur, edge: 1.3 * blur, colour, alpha: kept });
    if (level < LEVELS && n >= 1 && random() < (level < 3 ? 0.72 : 0.5)) {
      const way = (n + Math.floor(1.4 * random())) % 2 === 0 ? -1 : 1;
      const fork = turn + way * (0.45 + 0.5 * random());
      twig(growth, to, fork, length * (0.42 + 0.26 * random()), 0.55 * radius, level + 1);
    }
    from = to;
  }
}

/**
 * Draws the share of a pixel that twigs cover. Cover is combined first, so that joints are not darker than the rest.
 */
function renderBranches({ extent, twigs, around }: Branches, tile: ElementTile): void {
  const count = tile.bounds.width * tile.bounds.height;
  const open = new Float32Array(count).fill(1);
  const spare = new Float32Array(count);
  const planes: LightPlanes = [open, spare, spare];
  if (!drawShapes(twigs, placesOf(tile), planes, { mode: 'over', seen: OPEN })) return;
  const enlarge = enlargedTo(extent, tile);
  for (const [k, plane] of tile.light.entries()) {
    const near = enlarge(around[k] as Plane);
    for (let i = 0; i < count; i++) {
      const through = open[i] as number;
      if (through === 1) continue;
      // Bright backgrounds bleed into thin twigs.
      const light = near[i] as number;
      const cover = 0.985 * (1 - through) * (1 - 0.1 * Math.min(1, light));
      const old = plane[i] as number;
      plane[i] = old + cover * (BARK * light + 0.003 - old);
    }
  }
}

const branchesRenderer: ElementRenderer<Branches> = {
  prepare: prepareBranches,
  render: renderBranches,
};

export const darkBranches = rendered(branchesRenderer, [], { overFace: 0, overPerson: 0.3 });
