import type { Compositor } from '@emoeditor/companion-server/compositor/compositor.ts';
import { ELEMENTS, type ElementName } from '@emoeditor/companion-server/scene/bank/elements.ts';
import type { DrawablePlan } from '@emoeditor/companion-server/scene/drawablePlan.ts';
import type { SceneView } from '@emoeditor/companion-server/scene/elements/elementRenderer.ts';
import { sceneView } from '@emoeditor/companion-server/scene/elements/sceneView.ts';
import {
  SCENE_MAPS,
  type SceneMapName,
  type SceneMaps,
} from '@emoeditor/companion-server/scene/maps/sceneMaps.ts';
import { type PixelBuffer, type PixelData, SRGB_PROFILE } from '@emoeditor/shared';

export const DOCUMENT = { width: 192, height: 128 };
const MAPS = { width: 120, height: 80 };
const HORIZON = 0.4;

const inside = (value: number, low: number, high: number) => (value > low && value < high ? 1 : 0);

/** A house with windows and a lamp on a plain under a sky; a person with a face stands before it. */
const planeOf: Record<SceneMapName, (x: number, y: number) => number> = {
  sky: (x, y) => (y < HORIZON && planeOf.building(x, y) + planeOf.person(x, y) === 0 ? 1 : 0),
  ground: (x, y) => (y >= HORIZON && planeOf.building(x, y) + planeOf.person(x, y) === 0 ? 1 : 0),
  water: () => 0,
  vegetation: () => 0,
  building: (x, y) => inside(x, 0.05, 0.4) * inside(y, 0.2, 0.6),
  person: (x, y) => inside(x, 0.6, 0.7) * inside(y, 0.35, 0.9),
  face: (x, y) => ((x - 0.65) ** 2 / 0.03 ** 2 + (y - 0.42) ** 2 / 0.05 ** 2 < 1 ? 1 : 0),
  subject: (x, y) => planeOf.person(x, y),
  depth: (x, y) => {
    if (planeOf.person(x, y) === 1) return 0.1;
    if (planeOf.building(x, y) === 1) return 0.5;
    return y < HORIZON ? 1 : 0.9 * (1 - (y - HORIZON) / (1 - HORIZON));
  },
  lights: (x, y) => inside(x, 0.45, 0.465) * inside(y, 0.5, 0.52),
};

/** sRGB of the scene at a place in shares of its sides, with some texture. */
function colourAt(x: number, y: number): [number, number, number] {
  const texture = 0.04 * Math.sin(90 * x) * Math.sin(70 * y + 20 * x);
  if (planeOf.lights(x, y) === 1) return [0.99, 0.97, 0.85];
  if (planeOf.face(x, y) === 1) return [0.82, 0.62, 0.52];
  if (planeOf.person(x, y) === 1) return [0.35 + texture, 0.2, 0.22];
  const isWindow = inside((x * 12) % 1, 0.3, 0.7) * inside((y * 10) % 1, 0.25, 0.75);
  if (planeOf.building(x, y) === 1)
    return isWindow === 1 ? [0.12, 0.13, 0.15] : [0.7 + texture, 0.62 + texture, 0.5];
  if (planeOf.sky(x, y) === 1) return [0.55 + 0.3 * y, 0.65 + 0.3 * y, 0.85];
  return [0.42 + 2 * texture, 0.45 + 2 * texture, 0.3 + texture];
}

export const sceneMaps: SceneMaps = {
  extent: MAPS,
  planes: Object.fromEntries(
    SCENE_MAPS.map((name) => [name, sampled(MAPS, (x, y) => planeOf[name](x, y))]),
  ) as unknown as SceneMaps['planes'],
  confidence: Object.fromEntries(
    SCENE_MAPS.map((name) => [name, 1]),
  ) as unknown as SceneMaps['confidence'],
  horizon: { left: HORIZON, right: HORIZON, confidence: 1 },
  faces: [{ left: 0.62, top: 0.37, width: 0.06, height: 0.1, score: 0.9, marks: [] }],
  guide: sampled(MAPS, (x, y) => {
    const [r, g, b] = colourAt(x, y);
    return 0.25 * r + 0.5 * g + 0.25 * b;
  }),
};

function sampled(
  { width, height }: { width: number; height: number },
  value: (x: number, y: number) => number,
): Float32Array {
  return Float32Array.from({ length: width * height }, (_, i) =>
    value(((i % width) + 0.5) / width, (Math.floor(i / width) + 0.5) / height),
  );
}

const planar = (extent: { width: number; height: number }) => {
  const channels = [0, 1, 2].map((k) => sampled(extent, (x, y) => colourAt(x, y)[k as 0 | 1 | 2]));
  return Float32Array.from(channels.flatMap((plane) => [...plane]));
};

export function viewOf(extent = { width: 96, height: 64 }): SceneView {
  const rgb = planar(extent);
  return sceneView(rgb, rgb, extent, sceneMaps);
}

const RANGES = { uint8: 255, uint16: 32768, float32: 1 } as const;

/** The scene as a document of any size and sample. */
export function documentOf(
  extent = DOCUMENT,
  sample: keyof typeof RANGES = 'uint8',
  channels: 3 | 4 = 3,
  profile = SRGB_PROFILE,
): PixelBuffer {
  const { width, height } = extent;
  const range = RANGES[sample];
  const rgb = planar(extent);
  const values = Float32Array.from({ length: width * height * channels }, (_, i) => {
    const k = i % channels;
    const value = k === 3 ? 1 : rgb[k * width * height + Math.floor(i / channels)]!;
    return sample === 'float32' ? value : Math.round(value * range);
  });
  const data =
    sample === 'uint8'
      ? Uint8Array.from(values)
      : sample === 'uint16'
        ? Uint16Array.from(values)
        : values;
  return { format: { width, height, channels, sample, range, profile }, data };
}

/** The middle of every parameter's range unless `at` says another share. */
export const parametersOf = (element: ElementName, at = 0.5) =>
  Object.fromEntries(
    Object.entries(ELEMENTS[element].parameters).map(([name, [low, high]]) => [
      name,
      low + at * (high - low),
    ]),
  );

export const planOf = (elements: readonly ElementName[], seed = 1, strength = 1): DrawablePlan => ({
  instruction: null,
  elements: elements.map((element) => ({
    element,
    parameters: parametersOf(element),
    seed,
    strength,
  })),
});

/** A base without an edit. */
export const UNEDITED: Compositor = {
  apply: ({ format, data }) => ({ format, data: data.slice() }),
};

export function cutOut(
  { format, data }: PixelBuffer,
  left: number,
  top: number,
  width: number,
  height: number,
) {
  const { channels } = format;
  const rows = Array.from({ length: height }, (_, y) => {
    const from = ((top + y) * format.width + left) * channels;
    return [...data.subarray(from, from + width * channels)];
  });
  const cut = data.slice(0, width * height * channels) as PixelData;
  cut.set(rows.flat());
  const extent = { width: format.width, height: format.height };
  return {
    tile: { format: { ...format, width, height }, data: cut },
    place: { bounds: { left, top, width, height }, extent },
  };
}

export function applied(
  compositor: Compositor,
  document: PixelBuffer,
  intensity = 1,
  part?: { element: number },
): PixelBuffer {
  const { width, height } = document.format;
  const place = { bounds: { left: 0, top: 0, width, height }, extent: { width, height } };
  return compositor.apply(document, place, { intensity, ...(part !== undefined && { part }) });
}
