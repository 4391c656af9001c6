import type { Extent } from '@emoeditor/shared';
import { fastestArithmetic } from '../../../compositor/fit/fastestArithmetic.ts';
import { type Plane, smoothstep } from '../../../compositor/planes.ts';
import { shareOf } from '../../maps/sceneMaps.ts';
import type { ElementRenderer, ElementTile, LightPlanes, SceneView } from '../elementRenderer.ts';
import { blurred, discMean } from '../light/blur.ts';
import { enlargedTo } from '../light/enlarge.ts';
import { distanceOf } from '../light/sceneNumbers.ts';
import { rendered } from '../renderedElement.ts';

interface Bokeh {
  readonly extent: Extent;
  /** The picture out of focus, and how much of it is seen by place. */
  readonly blurry: LightPlanes;
  readonly share: Plane;
}

/** Radii of the discs in units of the aperture: what lies between is mixed. */
const RADII = [0.25, 0.5, 1] as const;
/** Around the subject that stays as sharp as it is. */
const MARGIN = 0.014;
/** Depth that is in focus without a subject. */
const FOCUS = 0.25;

function prepareBokeh(
  { light, extent, maps }: SceneView,
  { aperture = 0.011, gain = 5 }: Record<string, number>,
): Bokeh {
  const { subject, person, depth, sky, lights } = maps.planes;
  // Uncertain pixels count as subject: a blurred part of a head is a worse error than a sharp rim around it.
  const seen = subject.map((value, i) => Math.max(value, person[i] as number));
  const reach = Math.max(1, Math.round(MARGIN * Math.max(extent.width, extent.height)));
  const grown = blurred(fastestArithmetic().dilate(seen, extent, reach), extent, MARGIN / 2);
  const kept = grown.map((value) => smoothstep(0.12, 0.45, value));
  const hasSubject = shareOf(kept) > 0.01;
  const focus = hasSubject ? meanOf(depth, kept) : FOCUS;
  const inFocus = 1 / distanceOf(focus);
  const circle = blurred(
    depth.map((value, i) => {
      const off = Math.abs(1 / distanceOf(value) - inFocus) / Math.max(inFocus, 0.15) - 0.06;
      return Math.min(1, Math.max(0, off)) * (1 - (kept[i] as number));
    }),
    extent,
    0.004,
  );
  const [red, green, blue] = light;
  const most = red.map((r, i) => Math.max(r, green[i] as number, blue[i] as number));
  const around = blurred(most, extent, 0.012);
  const spot = most.map(
    (value, i) =>
      Math.max(
        lights[i] as number,
        smoothstep(0.6, 0.95, value) * (1 - smoothstep(0.12, 0.3, around[i] as number)),
      ) *
      (1 - (sky[i] as number)) *
      (1 - (kept[i] as number)),
  );
  const behind = kept.map((value) => 1 - value + 1e-3);
  const blurry = light.map((plane) =>
    mixedDiscs(
      plane.map((value, i) => value * (1 + gain * (spot[i] as number))),
      behind,
      circle,
      extent,
      aperture,
    ),
  ) as unknown as LightPlanes;
  const side = Math.max(extent.width, extent.height);
  const least = Math.max(0.02, 0.4 / (aperture * side));
  return { extent, blurry, share: circle.map((value) => smoothstep(0.2 * least, least, value)) };
}

function meanOf(plane: Plane, weights: Plane): number {
  let [sum, total] = [0, 1e-9];
  for (let i = 0; i < plane.length; i++) {
    sum += (plane[i] as number) * (weights[i] as number);
    total += weights[i] as number;
  }
  return sum / total;
}

/** Normalised convolution, so that the sharp subject does not bleed into what lies behind it. */
function mixedDiscs(plane: Plane, weight: Plane, circle: Plane, extent: Extent, aperture: number) {
  const weighted = plane.map((value, i) => value * (weight[i] as number));
  const levels = RADII.map((radius) => {
    const sum = discMean(weighted, extent, radius * aperture);
    const total = discMean(weight, extent, radius * aperture);
    return sum.map((value, i) => value / Math.max(1e-4, total[i] as number));
  }) as [Plane, Plane, Plane];
  return plane.map((_, i) => {
    const c = circle[i] as number;
    const [small, middle, large] = levels.map((level) => level[i] as number) as [
      number,
      number,
      number,
    ];
    if (c < RADII[1]) return small + smoothstep(RADII[0], RADII[1], c) * (middle - small);
    return middle + smoothstep(RADII[1], RADII[2], c) * (large - middle);
  });
}

function renderBokeh({ extent, blurry, share }: Bokeh, tile: ElementTile): void {
  const enlarge = enlargedTo(extent, tile);
  const subject = tile.map('subject');
  const seen = enlarge(share);
  for (const [k, plane] of tile.light.entries()) {
    const soft = enlarge(blurry[k] as Plane);
    for (let i = 0; i < plane.length; i++) {
      const open = (seen[i] as number) * (1 - smoothstep(0.3, 0.8, subject[i] as number));
      const sharp = plane[i] as number;
      plane[i] = sharp + open * ((soft[i] as number) - sharp);
    }
  }
}

const bokehRenderer: ElementRenderer<Bokeh> = { prepare: prepareBokeh, render: renderBokeh };

export const bokeh = rendered(bokehRenderer, ['subject'], { overFace: 0, overPerson: 0.1 });
