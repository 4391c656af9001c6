import type { Extent } from '@emoeditor/shared';
import { type Plane, smoothstep } from '../../../compositor/planes.ts';
import type { ElementRenderer, ElementTile, LightPlanes, SceneView } from '../elementRenderer.ts';
import { blurred } from '../light/blur.ts';
import { enlargedTo } from '../light/enlarge.ts';
import { luminancePlane } from '../light/sceneNumbers.ts';
import { rendered } from '../renderedElement.ts';

interface Bloom {
  readonly extent: Extent;
  /** Light to be added, and the share that bright places lose in turn. */
  readonly added: LightPlanes;
  readonly lost: Plane;
}

/** Widths and weights of the point spread, near the tail measured for lens and eye (after Spencer et al. 1995). */
const LOBES = [
  [0.0016, 0.42],
  [0.006, 0.28],
  [0.022, 0.18],
  [0.08, 0.12],
] as const;
/** Light that goes through the film's layers and comes back. */
const HALATION = [1, 0.28, 0.05] as const;

function prepareBloom(
  { extent, light, maps }: SceneView,
  { amount = 0.5, threshold = 0.72, halation = 0.2 }: Record<string, number>,
): Bloom {
  const [red, green, blue] = light;
  // Luminance with a share of the largest channel: coloured lamps count as bright, yellow paint hardly does.
  const luma = luminancePlane(light);
  const most = red.map(
    (r, i) =>
      0.35 * Math.max(r, green[i] as number, blue[i] as number) + 0.65 * (luma[i] as number),
  );
  const bright = most.map((value) => smoothstep(threshold - 0.15, threshold + 0.15, value));
  // Large bright areas are surfaces, not lights: only compact ones get the full effect.
  const spread = blurred(bright, extent, 0.05);
  const source = bright.map((value, i) => {
    const compact = 1 - smoothstep(0, 0.5, spread[i] as number);
    const lamp = Math.max(maps.planes.lights[i] as number, compact);
    return value * (0.18 + 0.82 * lamp) * (1 + 3 * smoothstep(threshold, 1, most[i] as number));
  });
  const lights = light.map((plane) => plane.map((value, i) => value * (source[i] as number)));
  const added = lights.map((plane, k) => {
    const sum = new Float32Array(plane.length);
    const add = (part: Plane, weight: number) => {
      for (let i = 0; i < sum.length; i++)
        sum[i] = (sum[i] as number) + weight * (part[i] as number);
    };
    for (const [share, weight] of LOBES) add(blurred(plane, extent, share), amount * weight);
    const red = lights[0] as Plane;
    const back = blurred(red, extent, 0.009);
    const ring = back.map((value, i) =>
      Math.max(0, value - 0.55 * Math.min(1.5, red[i] as number)),
    );
    add(ring, halation * (HALATION[k] as number));
    return sum;
  }) as unknown as LightPlanes;
  return { extent, added, lost: source.map((value) => 0.3 * amount * Math.min(1, value)) };
}

function renderBloom({ extent, added, lost }: Bloom, tile: ElementTile): void {
  const enlarge = enlargedTo(extent, tile);
  const kept = enlarge(lost);
  for (const [k, plane] of tile.light.entries()) {
    const more = enlarge(added[k] as Plane);
    for (let i = 0; i < plane.length; i++) {
      plane[i] = (plane[i] as number) * (1 - (kept[i] as number)) + (more[i] as number);
    }
  }
}

const bloomRenderer: ElementRenderer<Bloom> = { prepare: prepareBloom, render: renderBloom };

export const bloom = rendered(bloomRenderer, [], { overFace: 0.5 });
