import type { Plane } from '../../../compositor/planes.ts';
import type { ElementRenderer, ElementTile, LightPlanes, SceneView } from '../elementRenderer.ts';
import { hash01 } from '../light/noise.ts';
import { placesOf } from '../light/places.ts';
import type { Light, Place } from '../light/sceneNumbers.ts';
import { rendered } from '../renderedElement.ts';
import { freePlace } from './freePlace.ts';
import { type NoiseTable, noiseTable } from './gradientNoise.ts';
import { moonAt } from './moonDisc.ts';
import { nightBackdrop } from './nightSky.ts';
import { BACKDROP_MAPS, renderBackdrop } from './renderBackdrop.ts';
import { shrunkView } from './shrunkView.ts';
import { longSide } from './skies.ts';
import { eachSkyPixel, type SkyFrame, skyFrame } from './skyFrame.ts';
import { drawStars, type Stars, starList } from './stars.ts';

interface Moon extends Stars {
  readonly centre: Place;
  /** In shares of the long side. */
  readonly radius: number;
  /** Angle between sun and camera in radians, to the right or to the left. */
  readonly phase: number;
  readonly colour: Light;
  readonly table: NoiseTable;
  readonly seed: number;
}

const WHITE: Light = [1, 0.95, 0.86];

function prepareMoon(
  whole: SceneView,
  { diameter = 2.8, phase = 0.9 }: Record<string, number>,
  seed: number,
): Moon {
  const view = shrunkView(whole);
  const frame = skyFrame(view, 40_000, longSide(whole));
  const centre = freePlace(view, hash01(seed, 1, 5));
  const radius = Math.tan((diameter * Math.PI) / 360);
  const elevation = Math.max(0, (Math.atan(frame.horizon - centre.y) * 180) / Math.PI);
  // Low in the sky the air reddens it.
  const warm = Math.exp(-elevation / 6);
  const colour = WHITE.map(
    (value, k) => value * (1 - ([0, 0.28, 0.6][k] as number) * warm),
  ) as unknown as Light;
  const look = {
    added: aureole(frame, centre, radius, colour, 0.4 + 0.6 * phase),
    sky: 1,
    town: 0.15,
    ground: [1.42, 1.5, 1.56] as Light,
  };
  const backdrop = nightBackdrop(whole, view, frame, look, seed);
  const faint = backdrop.keepsSky ? new Float32Array(0) : starList(frame, 3.4, 0.45, null, seed);
  const side = hash01(seed, 2, 5) < 0.5 ? -1 : 1;
  return {
    backdrop,
    stars: faint,
    centre,
    radius,
    phase: side * Math.acos(Math.min(1, 2 * phase - 1)),
    colour,
    table: noiseTable(seed),
    seed,
  };
}

/** Light that thin air and the lens spread around the moon, with a faint corona. */
function aureole(
  frame: SkyFrame,
  { x, y }: Place,
  radius: number,
  colour: Light,
  strength: number,
): LightPlanes {
  const planes = [0, 1, 2].map(() => new Float32Array(frame.seen.length)) as unknown as LightPlanes;
  eachSkyPixel(frame, (i, _, px, py) => {
    const away = Math.hypot(px - x, py - y);
    const q = away / radius;
    const halo = 0.085 / (1 + (q / 1.35) ** 2.2) + 0.016 * Math.exp(-away / 0.18);
    const corona = 0.02 * Math.exp(-(((q - 2.6) / 1.1) ** 2));
    for (let k = 0; k < 3; k++) {
      const ring = corona * ([1, 0.8, 0.62][k] as number);
      (planes[k] as Plane)[i] = strength * (colour[k] as number) * (halo + ring);
    }
  });
  return planes;
}

/** The disc hides the stars behind it, also where it is dark. */
function drawDisc(moon: Moon, sky: LightPlanes, tile: ElementTile): void {
  const { centre, radius, phase, colour, table, seed } = moon;
  const { x, y, side } = placesOf(tile);
  for (const [row, py] of y.entries()) {
    if (Math.abs(py - centre.y) > radius + 1 / side) continue;
    for (const [column, px] of x.entries()) {
      const u = (px - centre.x) / radius;
      const v = (centre.y - py) / radius;
      const r = Math.sqrt(u * u + v * v);
      const edge = Math.min(1, (1 - r) * radius * side + 0.5);
      if (edge <= 0) continue;
      const inside = r > 0.999 ? 0.999 / r : 1;
      const light = moonAt(table, u * inside, v * inside, phase, 1 / (radius * side), seed);
      const i = row * x.length + column;
      for (let k = 0; k < 3; k++) {
        const plane = sky[k] as Plane;
        // The glow of the air lies before the disc: the disc takes nothing away from it.
        plane[i] =
          (plane[i] as number) * (1 - 0.6 * edge) + 0.92 * edge * light * (colour[k] as number);
      }
    }
  }
}

const moonRenderer: ElementRenderer<Moon> = {
  prepare: prepareMoon,
  render: (moon, tile) =>
    renderBackdrop(moon.backdrop, tile, (sky) => {
      drawStars(moon.stars, sky, tile);
      drawDisc(moon, sky, tile);
    }),
};

export const moon = rendered(moonRenderer, BACKDROP_MAPS, { overFace: 0.6 });
