import type { Extent } from '@emoeditor/shared';
import { type Plane, smoothstep } from '../../../compositor/planes.ts';
import type { ElementRenderer, ElementTile, LightPlanes, SceneView } from '../elementRenderer.ts';
import { blurredLight, discMean } from '../light/blur.ts';
import { enlargedTo, valueAt } from '../light/enlarge.ts';
import { fractalNoise } from '../light/noise.ts';
import { type Places, placesOf } from '../light/places.ts';
import { expandedLight, luminancePlane, percentile } from '../light/sceneNumbers.ts';
import { rendered } from '../renderedElement.ts';
import { type Drop, type Rain, rainOn } from './drops.ts';

interface Pane {
  readonly extent: Extent;
  readonly rain: Rain;
  /** The scene out of focus, seen through mist, where a trail wiped the mist off, and sharper for what drops show. */
  readonly misty: LightPlanes;
  readonly wiped: LightPlanes;
  readonly soft: LightPlanes;
  /** Luminance of the glints on drops. */
  readonly glint: number;
}

/** Blur of the picture inside drops. */
const IN_DROPS = 0.003;

function preparePane(
  view: SceneView,
  { blur = 0.0075, drops = 0.6, size = 0.011, trails = 0.6, mist = 0.35 }: Record<string, number>,
  seed: number,
): Pane {
  const { extent } = view;
  const { width, height, x, y } = placesOf({ bounds: { left: 0, top: 0, ...extent }, extent });
  const light = expandedLight(view.light, extent, 0.8, 1.5);
  const blurry = light.map((plane) =>
    discMean(discMean(plane, extent, blur), extent, blur / 2),
  ) as unknown as LightPlanes;
  const soft = blurredLight(light, extent, IN_DROPS);
  const veil = blurredLight(blurry, extent, 0.1);
  const misting = Float32Array.from({ length: extent.width * extent.height }, (_, i) => {
    const [px, py] = [x[i % extent.width] as number, y[Math.floor(i / extent.width)] as number];
    const noise = fractalNoise(px / 0.18, py / 0.18, seed + 2, { count: 4, gain: 0.5 });
    return mist * (0.35 + 0.5 * noise);
  });
  const mixed = (k: number, share: (i: number) => number, a: Plane, b: Plane, lift: number) =>
    a.map((value, i) => value + share(i) * ((b[i] as number) * (k < 0 ? 1 : 0.9) + lift - value));
  return {
    extent,
    rain: rainOn(width, height, { drops, size, trails }, seed),
    misty: blurry.map((plane, k) =>
      mixed(k, (i) => misting[i] as number, plane, veil[k] as Plane, 0.02),
    ) as unknown as LightPlanes,
    wiped: blurry.map((plane, k) =>
      plane.map((value, i) => 0.45 * value + 0.55 * ((soft[k] as Plane)[i] as number)),
    ) as unknown as LightPlanes,
    soft,
    glint: 0.8 * Math.min(1.5, percentile(luminancePlane(light), 0.96)),
  };
}

/** What drops do to every pixel of a tile: shift of the place that is seen through them, and shading. */
interface Bent {
  readonly dx: Plane;
  readonly dy: Plane;
  readonly cover: Plane;
  readonly shade: Plane;
  readonly glint: Plane;
  readonly rim: Plane;
  readonly clear: Plane;
}

function renderPane(pane: Pane, tile: ElementTile): void {
  const places = placesOf(tile);
  const bent = bentBy(pane.rain, places);
  const enlarge = enlargedTo(pane.extent, tile);
  for (const [k, plane] of tile.light.entries()) {
    const misty = enlarge(pane.misty[k] as Plane);
    const wiped = enlarge(pane.wiped[k] as Plane);
    const soft = pane.soft[k] as Plane;
    let i = 0;
    for (const y of places.y) {
      for (let column = 0; column < places.x.length; column++) {
        const x = places.x[column] as number;
        const base = misty[i] as number;
        const clear = 0.85 * (bent.clear[i] as number);
        let value = base + clear * ((wiped[i] as number) - base);
        value *= 1 - 0.3 * (bent.rim[i] as number);
        const cover = bent.cover[i] as number;
        if (cover > 0) {
          const [dx, dy] = [bent.dx[i] as number, bent.dy[i] as number];
          const seen =
            valueAt(soft, pane.extent, x + dx, y + dy) * (bent.shade[i] as number) * 1.08;
          value += cover * (seen - value) + cover * pane.glint * (bent.glint[i] as number);
        }
        plane[i] = value;
        i++;
      }
    }
  }
}

function bentBy({ drops, trails }: Rain, places: Places): Bent {
  const pixels = places.x.length * places.y.length;
  const plane = () => new Float32Array(pixels);
  const bent = {
    dx: plane(),
    dy: plane(),
    cover: plane(),
    shade: plane(),
    glint: plane(),
    rim: plane(),
    clear: plane(),
  };
  for (const { x, y, radius, clear } of trails) {
    eachIn(places, x - radius, x + radius, y - 0.0065, y + 0.0065, (i, px, py) => {
      const across = smoothstep(1, 0.55, Math.abs(px - x) / radius);
      const along = smoothstep(0.0065, 0.003, Math.abs(py - y));
      bent.clear[i] = Math.max(bent.clear[i] as number, across * along * clear);
    });
  }
  for (const drop of drops) if (drop.radius * places.side >= 0.8) addDrop(drop, places, bent);
  return bent;
}

/** Calls for the pixels of a tile whose centres lie in a rectangle of the document. */
function eachIn(
  { x, y, side }: Places,
  left: number,
  right: number,
  top: number,
  bottom: number,
  act: (i: number, x: number, y: number) => void,
): void {
  const [x0, y0] = [x[0] as number, y[0] as number];
  const from = Math.max(0, Math.ceil((left - x0) * side));
  const to = Math.min(x.length - 1, Math.floor((right - x0) * side));
  if (from > to) return;
  const last = Math.min(y.length - 1, Math.floor((bottom - y0) * side));
  for (let row = Math.max(0, Math.ceil((top - y0) * side)); row <= last; row++) {
    for (let column = from; column <= to; column++) {
      act(row * x.length + column, x[column] as number, y[row] as number);
    }
  }
}

/**
 * A drop is a small strong lens: it shows a wide picture of the scene upside down. Towards its edge it darkens by total
 * reflection, and the sky glints in its upper side.
 */
function addDrop(drop: Drop, places: Places, bent: Bent): void {
  const { x: cx, y: cy, radius, tall } = drop;
  const pixels = radius * places.side;
  const soft = Math.min(0.3, 1 / pixels);
  const power = radius > 0.004 ? 9 : 14;
  const glintSize = pixels > 3 ? 0.5 : 0.2;
  const reach = radius * 1.4;
  eachIn(places, cx - reach, cx + reach, cy - reach * tall, cy + reach * tall, (i, px, py) => {
    const qy = (py - cy) / (radius * tall);
    const narrow = tall > 1.1 ? 1 + 0.16 * Math.min(1, Math.max(0, -qy)) : 1;
    const qx = ((px - cx) / radius) * narrow;
    const angle = Math.atan2(qy, qx);
    const uneven =
      1 +
      0.1 * Math.sin(2 * angle + cx * 900) +
      0.07 * Math.sin(3 * angle + cy * 700) +
      0.04 * Math.sin(5 * angle + cx * 500);
    const q = Math.sqrt(qx * qx + qy * qy) / uneven;
    const rim = smoothstep(1.3, 1, q) * (1 - smoothstep(1, 0.8, q));
    if (rim > (bent.rim[i] as number)) bent.rim[i] = rim * 0.6;
    const cover = smoothstep(1 + 0.5 * soft, 1 - 1.2 * soft, q);
    if (cover <= 0) return;
    const bend = q * q * 0.75 + 0.25;
    const edge = Math.min(1, q);
    const edge3 = edge * edge * edge;
    const shade = (1 - 0.62 * edge3 * edge3 * edge) * (0.86 + 0.22 * Math.min(1, Math.max(-1, qy)));
    const glint = glintSize * Math.exp(-((qx + 0.32) ** 2 + (qy + 0.5) ** 2) / 0.016);
    blend(bent.dx, i, cover, -(px - cx) * power * bend);
    blend(bent.dy, i, cover, -(py - cy) * power * 0.8 * bend);
    blend(bent.shade, i, cover, shade);
    blend(bent.glint, i, cover, glint);
    bent.cover[i] = Math.max(bent.cover[i] as number, cover);
  });
}

/** Where drops overlap, the upper one is blended in by its cover; the first drop of a pixel is taken whole. */
function blend(plane: Plane, i: number, share: number, value: number): void {
  const old = plane[i] as number;
  plane[i] = old === 0 ? value : old + share * (value - old);
}

const paneRenderer: ElementRenderer<Pane> = { prepare: preparePane, render: renderPane };

export const rainOnPane = rendered(paneRenderer, [], { overFace: 0 });
