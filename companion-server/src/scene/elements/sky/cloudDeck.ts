import { type CloudMaps, clearSky, marchedClouds } from './clouds.ts';
import { type NoiseTable, noise2, noiseTable, octaves2, shownShare } from './gradientNoise.ts';
import { type Direction, distanceTo, eachSkyPixel, type SkyFrame } from './skyFrame.ts';
import type { CloudLayer } from './skyLooks.ts';

/** Torn clouds below a deck. */
const SCUD = { kind: 'heaped', base: 0.55, top: 1.35, scale: 1.7, sharp: 3, sigma: 9 } as const;
const OCTAVES = 6;

/** A closed deck seen from below, lit through its thin places, with torn lower clouds before it. */
export function cloudDeck(
  frame: SkyFrame,
  layer: CloudLayer,
  sun: Direction,
  seed: number,
): CloudMaps {
  const deck = clearSky(frame);
  const table = noiseTable(seed);
  const norm = Math.max(1e-3, Math.hypot(sun[0], sun[2]));
  const pixel = 1 / Math.max(frame.extent.width, frame.extent.height);
  eachSkyPixel(frame, (i, [dx, dy, dz]) => {
    if (dy < -0.002) return;
    const rise = Math.max(dy, 0.0005);
    const t = distanceTo(rise, layer.base);
    const [x, z] = [dx * t, dz * t];
    const shown = ((t * pixel) / Math.max(rise, 0.05)) * 0.5;
    const height = underside(table, x, z, layer.scale, OCTAVES, shown);
    const away = 0.06 * layer.scale + t * pixel;
    const [sx, sz] = [(sun[0] / norm) * away, (sun[2] / norm) * away];
    const next = underside(table, x + sx, z + sz, layer.scale, OCTAVES - 1, shown);
    const slope = Math.min(0.6, Math.max(-0.6, (next - height) / (away / layer.scale)));
    const thin = Math.min(1, Math.max(0, height * 1.3 + 0.5 - (layer.cover - 0.8)));
    deck.through[i] = 0;
    deck.sunlit[i] = thin ** 3;
    const rough = layer.sharp;
    deck.ambient[i] = Math.max(0.08, 0.26 + (thin + 0.1 * slope) * rough + 0.5 * (1 - rough));
    deck.far[i] = t;
  });
  return layer.scud === 0 ? deck : before(scudOf(frame, layer, sun, seed), deck);
}

const scudOf = (
  frame: SkyFrame,
  { cover: _, scud, reach }: CloudLayer,
  sun: Direction,
  seed: number,
) => marchedClouds(frame, { ...SCUD, cover: scud, reach, scud: 0 }, sun, seed + 9);

function before(scud: CloudMaps, deck: CloudMaps): CloudMaps {
  const over = (front: Float32Array, back: Float32Array, gain: number) =>
    front.map((value, i) => value * gain + (scud.through[i] as number) * (back[i] as number));
  return {
    through: over(scud.through, deck.through, 0),
    sunlit: over(scud.sunlit, deck.sunlit, 0.5),
    ambient: over(scud.ambient, deck.ambient, 0.72),
    far: scud.far.map((value, i) => {
      const t = scud.through[i] as number;
      return value * (1 - t) + t * (deck.far[i] as number);
    }),
  };
}

/** Height of the underside, about −0.6 … 0.6, positive higher and thinner: warped octaves, lumpy, in rolls. */
function underside(
  table: NoiseTable,
  x: number,
  z: number,
  scale: number,
  octaves: number,
  pixel: number,
): number {
  const [a, b] = [x / scale, z / scale];
  const fine = pixel / scale;
  let u = a + 0.15 * octaves2(table, a * 0.7 + 11, b * 0.7, 2, 0.55, fine);
  let v = b * 0.8 + 0.15 * octaves2(table, a * 0.7 + 31, b * 0.7 + 12, 2, 0.55, fine);
  const big = octaves2(table, u * 0.33 + 80, v * 0.33, 3, 0.5, fine);
  let [body, amplitude, frequency] = [0, 0.5, 1];
  for (let i = 0; i < octaves; i++) {
    const shown = shownShare(frequency, fine * 1.6);
    if (shown > 0) body += amplitude * shown * noise2(table, u, v);
    const next = (0.7986 * u - 0.6018 * v) * 2.03 + 17.1;
    v = (0.6018 * u + 0.7986 * v) * 2.03 - 5.3;
    u = next;
    frequency *= 2.03;
    amplitude *= 0.64;
  }
  const lumps = octaves2(table, a * 0.9 + 5, b * 0.9 + 90, octaves, 0.6, fine * 0.9);
  return 1.15 * big + 0.35 * lumps - 0.3 * body;
}
