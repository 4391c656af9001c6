import type { Extent } from '@emoeditor/shared';
import { type Plane, smoothstep } from '../../../compositor/planes.ts';
import type { ElementRenderer, ElementTile, SceneView } from '../elementRenderer.ts';
import { blurred } from '../light/blur.ts';
import { enlargedTo } from '../light/enlarge.ts';
import { randomOf } from '../light/noise.ts';
import { placesOf } from '../light/places.ts';
import { airLight, type Light, luminancePlane, percentile } from '../light/sceneNumbers.ts';
import { rendered } from '../renderedElement.ts';

/** A mote out of focus; lengths in shares of the long side. */
interface Mote {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly bright: number;
}

interface Dust {
  readonly extent: Extent;
  readonly motes: readonly Mote[];
  /** Motes shine where light falls through the air. */
  readonly lit: Plane;
  readonly colour: Light;
}

function prepareDust(view: SceneView, { amount = 1 }: Record<string, number>, seed: number): Dust {
  const { extent, light, maps } = view;
  const { width, height } = placesOf({ bounds: { left: 0, top: 0, ...extent }, extent });
  const luma = blurred(luminancePlane(light), extent, 0.06);
  const [low, high] = [percentile(luma, 0.3), percentile(luma, 0.9) + 1e-3];
  const random = randomOf(seed);
  const motes = Array.from({ length: Math.round(420 * amount * width * height) }, () => {
    const near = random() ** 3;
    return {
      x: random() * width,
      y: random() * height,
      radius: 0.0009 + 0.0055 * near,
      bright: (0.25 + 0.75 * random()) * (1.1 / (1 + 16 * near)),
    };
  });
  const air = airLight(view);
  const most = Math.max(1e-3, ...air);
  return {
    extent,
    motes,
    lit: luma.map(
      (value, i) =>
        (0.12 + 0.88 * smoothstep(low, high, value)) * (1 - (maps.planes.sky[i] as number)),
    ),
    colour: air.map(
      (value, k) => (0.55 + (0.45 * value) / most) * ([1.06, 1, 0.88][k] as number),
    ) as unknown as Light,
  };
}

function renderDust({ extent, motes, lit, colour }: Dust, tile: ElementTile): void {
  const { x, y, side } = placesOf(tile);
  const [left, top] = [x[0] as number, y[0] as number];
  let shine: Plane | null = null;
  for (const mote of motes) {
    const reach = mote.radius + 1 / side;
    const from = Math.max(0, Math.ceil((mote.x - reach - left) * side));
    const to = Math.min(x.length - 1, Math.floor((mote.x + reach - left) * side));
    const first = Math.max(0, Math.ceil((mote.y - reach - top) * side));
    const last = Math.min(y.length - 1, Math.floor((mote.y + reach - top) * side));
    if (from > to || first > last) continue;
    shine ??= enlargedTo(extent, tile)(lit);
    for (let row = first; row <= last; row++) {
      for (let column = from; column <= to; column++) {
        const i = row * x.length + column;
        const away = Math.hypot((x[column] as number) - mote.x, (y[row] as number) - mote.y);
        const light = mote.bright * (shine[i] as number) * discOf(mote.radius, away, side);
        if (light <= 0) continue;
        for (let k = 0; k < 3; k++) {
          const plane = tile.light[k] as Plane;
          plane[i] = (plane[i] as number) + light * (colour[k] as number);
        }
      }
    }
  }
}

/** A disc with a soft rim; what is smaller than a pixel keeps its light, not its size. */
function discOf(radius: number, away: number, side: number): number {
  const shown = Math.max(radius, 0.7 / side);
  const energy = (radius / shown) ** 2;
  return energy * smoothstep(shown * 1.05, shown * 0.55, away);
}

const dustRenderer: ElementRenderer<Dust> = { prepare: prepareDust, render: renderDust };

export const dust = rendered(dustRenderer, [], { overFace: 0, overPerson: 0.4 });
