import { meanOf } from '../../../compositor/planes.ts';
import type { ElementRenderer, LightPlanes, SceneView } from '../elementRenderer.ts';
import { rendered } from '../renderedElement.ts';
import { type NoiseTable, noise2, noiseTable, shownShare } from './gradientNoise.ts';
import { nightBackdrop } from './nightSky.ts';
import { BACKDROP_MAPS, renderBackdrop } from './renderBackdrop.ts';
import { shrunkView } from './shrunkView.ts';
import { longSide } from './skies.ts';
import { eachSkyPixel, type SkyFrame, skyFrame } from './skyFrame.ts';
import { drawStars, type Stars, starList } from './stars.ts';

const CURTAINS = 4;
const PIXELS = 50_000;

/** Distance in kilometres of a curtain at an azimuth in radians: waves, folds and ruffles. */
function distanceAt(table: NoiseTable, azimuth: number, curtain: number): number {
  const wave = noise2(table, azimuth * 1.7 + curtain * 7.3, curtain * 3.1 + 0.5);
  const fold = noise2(table, azimuth * 5 + curtain * 5.1 + 40, curtain * 2.7 + 0.5);
  const ruffle = noise2(table, azimuth * 19 + 80, curtain * 4.3 + 0.5);
  return 250 * 1.55 ** curtain * Math.exp(0.75 * wave + 0.24 * fold + 0.045 * ruffle);
}

/**
 * Sheets along the lines of the Earth's field. At an azimuth a curtain has a distance, so that a height in the picture is
 * an altitude: its lower hem is at 100 km, the green of oxygen (557.7 nm) decays above it, the red (630 nm) is above
 * 200 km. It is bright where it is seen edge-on, and its rays are noise along the sheet.
 */
function curtains(frame: SkyFrame, brightness: number, seed: number): LightPlanes {
  const table = noiseTable(seed);
  const pixel = 3 / Math.max(frame.extent.width, frame.extent.height);
  const planes = [0, 1, 2].map(() => new Float32Array(frame.seen.length)) as unknown as LightPlanes;
  eachSkyPixel(frame, (i, [dx, dy, dz]) => {
    if (dy < 0.004) return;
    const azimuth = Math.atan2(dx, dz);
    const tan = dy / Math.hypot(dx, dz);
    const near = brightness * Math.min(1, dy * 14);
    for (let curtain = 0; curtain < CURTAINS; curtain++) {
      const [red, green, blue] = curtainAt(table, azimuth, tan, curtain, pixel);
      planes[0][i] = (planes[0][i] as number) + near * red;
      planes[1][i] = (planes[1][i] as number) + near * green;
      planes[2][i] = (planes[2][i] as number) + near * blue;
    }
  });
  return planes;
}

const DARK = [0, 0, 0] as const;

function curtainAt(
  table: NoiseTable,
  azimuth: number,
  tan: number,
  curtain: number,
  pixel: number,
): readonly [number, number, number] {
  const lean =
    0.1 * (curtain - 1) * tan + 0.035 * noise2(table, azimuth * 9, tan * 2 + 50 + curtain);
  const a = azimuth + lean * 0.35;
  const distance = distanceAt(table, a, curtain);
  const step = 0.004;
  const slope = (distanceAt(table, a + step, curtain) - distance) / (step * distance);
  const s = a * (3 + curtain);
  const h = (distance * tan - 98) / 45 + 0.1 * noise2(table, s * 4 + 20, curtain + 0.5);
  if (h < -0.4) return DARK;
  const fine = (frequency: number, at: number) =>
    noise2(table, s * frequency + at, curtain + 0.7 + 0.08 * h) * shownShare(frequency, pixel);
  const ray = Math.max(
    0.05,
    0.62 + 0.55 * fine(3.1, 30) + 0.5 * fine(11, 60) + 0.32 * fine(31, 90),
  );
  const tall = 1 + 1.3 * Math.max(0, 0.5 + noise2(table, s * 1.3 + 120, curtain + 0.1));
  const patch = Math.max(
    0.02,
    0.4 + 1.1 * noise2(table, a * 1.4 + 3.3 * curtain, curtain * 1.9 + 7.5),
  );
  const edge = Math.sqrt(1 + Math.min(60, slope * slope));
  const rise = 1 / (1 + Math.exp(-16 * h));
  const up = Math.max(0, h);
  const green = Math.exp(-up / tall) * (0.55 + 0.45 * ray);
  const red = 0.13 * Math.exp(-(((h - 2.5 * tall) / (1.5 * tall)) ** 2)) * ray;
  const hem = 0.3 * Math.exp(-((h / 0.1) ** 2)) * ray;
  const w = (patch * rise * edge * ray * 0.62) / (1 + 0.35 * curtain);
  return [
    w * (0.16 * green * Math.exp(-0.5 * up) + 1.7 * red + 0.8 * hem),
    w * green,
    w * (0.34 * green + 1.3 * red + hem),
  ];
}

function prepareAurora(
  whole: SceneView,
  { strength = 1 }: Record<string, number>,
  seed: number,
): Stars {
  const view = shrunkView(whole);
  const frame = skyFrame(view, PIXELS, longSide(whole));
  const added = curtains(frame, 0.4 * strength, seed);
  const lit = added.map(meanOf);
  const ground = [0.6, 1, 0.8].map((share, k) => 1 + 6 * share * (lit[k] as number));
  const look = {
    added,
    sky: 0.8,
    town: 0.1,
    ground: ground as unknown as [number, number, number],
  };
  const backdrop = nightBackdrop(whole, view, frame, look, seed);
  // A night sky in the photograph has its own stars already.
  const stars = backdrop.keepsSky ? new Float32Array(0) : starList(frame, 5.6, 0.9, null, seed);
  return { backdrop, stars };
}

const auroraRenderer: ElementRenderer<Stars> = {
  prepare: prepareAurora,
  render: (prepared, tile) =>
    renderBackdrop(prepared.backdrop, tile, (sky) => drawStars(prepared.stars, sky, tile)),
};

export const aurora = rendered(auroraRenderer, BACKDROP_MAPS, { overFace: 0.6 });
