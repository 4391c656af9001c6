import type { Extent } from '@emoeditor/shared';
import { type Plane, smoothstep } from '../../../compositor/planes.ts';
import type { ElementRenderer, ElementTile, LightPlanes, SceneView } from '../elementRenderer.ts';
import { blurred, blurredLight } from '../light/blur.ts';
import { enlargedTo } from '../light/enlarge.ts';
import { fractalNoise } from '../light/noise.ts';
import { placesOf } from '../light/places.ts';
import { airLight, type Light, luminance } from '../light/sceneNumbers.ts';
import { rendered } from '../renderedElement.ts';

/** A layer of smoke: optical depth, and how much light reaches it through its own billows. */
interface Layer {
  readonly depth: Plane;
  readonly lit: Plane;
}

interface Smoke {
  readonly extent: Extent;
  readonly far: Layer;
  readonly near: Layer;
  readonly colour: Light;
  readonly scattered: LightPlanes;
}

const SCALE = 0.32;
/** Fields are computed at half the working size: they contain no finer detail. */
const COARSE = 2;

function prepareSmoke(
  view: SceneView,
  { amount = 0.9, low = 0.6, dark = 0.35 }: Record<string, number>,
  seed: number,
): Smoke {
  const { extent, light } = view;
  const air = airLight(view);
  const grey = luminance(...air);
  const gain = Math.max(1, 0.12 / Math.max(grey, 1e-3)) * (1 - 0.75 * dark);
  const tint: Light = [1.02, 1, 0.975];
  const small = {
    width: Math.ceil(extent.width / COARSE),
    height: Math.ceil(extent.height / COARSE),
  };
  const layer = (scale: number, share: number, shift: number) =>
    smokeLayer(small, SCALE * scale, share * amount, low, seed + shift);
  return {
    extent: small,
    far: layer(0.7, 1, 0),
    near: layer(1.6, 0.55, 40),
    colour: air.map(
      (value, k) => (0.5 * value + 0.5 * grey) * gain * (tint[k] as number),
    ) as unknown as Light,
    scattered: blurredLight(light, extent, 0.004).map((plane) =>
      halved(plane, extent, small),
    ) as unknown as LightPlanes,
  };
}

function halved(plane: Plane, { width, height }: Extent, small: Extent): Plane {
  return Float32Array.from({ length: small.width * small.height }, (_, i) => {
    const x = Math.min(width - 1, COARSE * (i % small.width));
    const y = Math.min(height - 1, COARSE * Math.floor(i / small.width));
    const [x1, y1] = [Math.min(width - 1, x + 1), Math.min(height - 1, y + 1)];
    const at = (column: number, row: number) => plane[row * width + column] as number;
    return (at(x, y) + at(x1, y) + at(x, y1) + at(x1, y1)) / 4;
  });
}

/** Billows: noise whose coordinates are displaced by noise, twice (domain warping, after Quilez). */
function smokeLayer(
  extent: Extent,
  scale: number,
  amount: number,
  low: number,
  seed: number,
): Layer {
  const { x, y, height } = placesOf({ bounds: { left: 0, top: 0, ...extent }, extent });
  const field = new Float32Array(extent.width * extent.height);
  const shifted = new Float32Array(field.length);
  for (const [row, py] of y.entries()) {
    for (let column = 0; column < x.length; column++) {
      const px = x[column] as number;
      const i = row * x.length + column;
      field[i] = billow(px / scale, (py / scale) * 1.15, seed);
      shifted[i] = billow((px - 0.02) / scale, ((py - 0.03) / scale) * 1.15, seed);
    }
  }
  const towards = blurred(shifted, extent, 0.006);
  return {
    depth: field.map((value, i) => {
      const row = Math.floor(i / extent.width);
      const height01 = (y[row] as number) / height;
      const kept = 1 - low * (1 - smoothstep(0, 0.9, height01));
      return amount * kept * Math.min(2, Math.max(0, (value - 0.4) * 4));
    }),
    // Self-shadowing: smoke towards the light absorbs it.
    lit: field.map((value, i) => {
      const before = Math.min(0.5, Math.max(-0.5, (towards[i] as number) - value));
      return Math.min(1.6, Math.max(0.55, Math.exp(-3 * before)));
    }),
  };
}

function billow(x: number, y: number, seed: number): number {
  const four = { count: 3, gain: 0.5 };
  const a = fractalNoise(x, y, seed, four);
  const b = fractalNoise(x + 5.2, y + 1.3, seed + 3, four);
  const c = fractalNoise(x + 1.9 * a + 1.7, y + 1.9 * b + 9.2, seed + 5, four);
  return fractalNoise(x + 1.5 * c, y + 1.5 * a, seed + 9, { count: 5, gain: 0.52 });
}

function renderSmoke(smoke: Smoke, tile: ElementTile): void {
  const enlarge = enlargedTo(smoke.extent, tile);
  const layers = [smoke.far, smoke.near].map(({ depth, lit }) => ({
    depth: enlarge(depth),
    lit: enlarge(lit),
  }));
  const scattered = smoke.scattered.map(enlarge);
  const [depth, subject] = [tile.map('depth'), tile.map('subject')];
  for (const [index, layer] of layers.entries()) {
    for (let i = 0; i < depth.length; i++) {
      const place =
        index === 0
          ? smoothstep(0.15, 0.6, depth[i] as number) * (1 - 0.85 * (subject[i] as number))
          : 0.7;
      const tau = Math.max(0, layer.depth[i] as number) * place;
      if (tau <= 0) continue;
      const t = Math.exp(-tau);
      const soft = Math.min(0.7, tau);
      const lit = (layer.lit[i] as number) * (1 - t);
      for (let k = 0; k < 3; k++) {
        const plane = tile.light[k] as Plane;
        const sharp = plane[i] as number;
        const seen = sharp + soft * (((scattered[k] as Plane)[i] as number) - sharp);
        plane[i] = seen * t + (smoke.colour[k] as number) * lit;
      }
    }
  }
}

const smokeRenderer: ElementRenderer<Smoke> = { prepare: prepareSmoke, render: renderSmoke };

export const smoke = rendered(smokeRenderer, ['depth', 'subject'], {
  overFace: 0.3,
  overPerson: 0.7,
});
