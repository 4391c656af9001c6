import { meanOf, type Plane, smoothstep } from '../../compositor/planes.ts';
import { NEED_NAMES, type NeedName, type Needs } from '../bank/needs.ts';
import type { ScenePicture } from '../maps/readScene.ts';
import type { SceneMapName, SceneMaps } from '../maps/sceneMaps.ts';
import { findWindows } from '../maps/windowsPlane.ts';
import { PlannerError } from './plannerError.ts';

/** A number measured on a scene. Where the maps are unsure the true value is somewhere between `low` and `high`. */
export interface Fact {
  readonly low: number;
  readonly high: number;
  /** How far the reading can be trusted at all, 0 … 1. */
  readonly confidence: number;
}

export type SceneFacts = Readonly<Record<NeedName, Fact>>;

/**
 * Below this confidence a minimum is not confirmed, whatever the number is. Half of the photographs with sky have more
 * for it.
 */
export const TRUSTED = 0.6;
/** A pixel surely shows what its map says at this value and above, and surely does not below the other. */
const SURE = 0.75;
const SURELY_NOT = 0.25;

/** Maps whose share of the picture is a fact. */
const SHARES = [
  'sky',
  'ground',
  'water',
  'vegetation',
  'building',
  'person',
  'face',
  'subject',
  'lights',
] as const satisfies readonly (SceneMapName & NeedName)[];

/**
 * What the planner knows of a scene.
 * @param picture the one that was read, of the maps' size
 * @throws PlannerError BAD_MAPS when the sizes differ
 */
export function sceneFacts(maps: SceneMaps, picture: ScenePicture): SceneFacts {
  const { width, height } = picture;
  if (maps.extent.width !== width || maps.extent.height !== height) {
    throw new PlannerError(
      'BAD_MAPS',
      `Expected maps of ${width}×${height}, the picture's size, but received ${maps.extent.width}×${maps.extent.height}.`,
      'Read the scene of this very picture.',
    );
  }
  const shares = Object.fromEntries(
    SHARES.map((name) => [name, shareFact(maps.planes[name], maps.confidence[name])]),
  ) as Record<(typeof SHARES)[number], Fact>;
  const luma = lumaOf(picture);
  const outdoors = outdoorsFact(shares);
  return {
    ...shares,
    outdoors,
    depth: depthFact(maps, outdoors),
    horizon: horizonFact(maps),
    brightness: exactly(meanOf(luma)),
    directLight: directLightFact(luma, maps),
    windows: windowsFact(luma, maps),
  };
}

/** Names of the needs that the facts do not confirm; none when the scene has all that is asked for. */
export function unconfirmedNeeds(facts: SceneFacts, needs: Needs): NeedName[] {
  return NEED_NAMES.filter((name) => {
    const { min, max } = needs[name] ?? {};
    const { low, high, confidence } = facts[name];
    if (min !== undefined && !(low >= min && confidence >= TRUSTED)) return true;
    return max !== undefined && !(high <= max);
  });
}

const exactly = (value: number): Fact => ({ low: value, high: value, confidence: 1 });

function shareFact(plane: Plane, confidence: number): Fact {
  let [sure, possible] = [0, 0];
  for (const value of plane) {
    if (value >= SURE) sure++;
    if (value > SURELY_NOT) possible++;
  }
  return { low: sure / plane.length, high: possible / plane.length, confidence };
}

/** Sky proves that it is outdoors; plants, water and ground only make it likely: rooms have them, too. */
function outdoorsFact({
  sky,
  vegetation,
  water,
  ground,
  building,
}: Pick<SceneFacts, 'sky' | 'vegetation' | 'water' | 'ground' | 'building'>): Fact {
  const bySky = sky.confidence >= TRUSTED ? smoothstep(0.005, 0.03, sky.low) : 0;
  const nature = vegetation.low + water.low + 0.5 * ground.low;
  const byNature = 0.95 * smoothstep(0.35, 0.7, nature) * (1 - smoothstep(0.1, 0.4, building.high));
  const value = Math.max(bySky, byNature);
  return { low: value, high: value, confidence: 1 };
}

/**
 * Range of the depth map. Trusted outdoors only: in a room the map orders the walls, but there is no air to show the
 * distance.
 */
function depthFact({ planes, confidence }: SceneMaps, outdoors: Fact): Fact {
  const sorted = planes.depth.slice().sort();
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] as number;
  const range = at(0.9) - at(0.1);
  const isOutdoors = outdoors.low >= TRUSTED;
  return {
    low: range,
    high: range,
    confidence: isOutdoors ? Math.max(TRUSTED, confidence.depth) : TRUSTED / 2,
  };
}

/** Without a horizon any row is possible, so that no bound on it is confirmed. */
function horizonFact({ horizon }: SceneMaps): Fact {
  if (horizon === null) return { low: -4, high: 5, confidence: 0 };
  const heights = [horizon.left, horizon.right];
  return {
    low: Math.min(...heights),
    high: Math.max(...heights),
    confidence: horizon.confidence,
  };
}

/** Fewer dark rectangles in a wall are not trusted to be windows. */
const FEWEST_WINDOWS = 4;

function windowsFact(luma: Plane, { planes, extent }: SceneMaps): Fact {
  const found = findWindows(luma, planes, extent);
  const pixels = found.reduce((sum, window) => sum + window.pixels.length, 0);
  const share = pixels / luma.length;
  return { low: share, high: share, confidence: found.length >= FEWEST_WINDOWS ? TRUSTED : 0 };
}

/** Stops between shade and light at which light is as hard as the midday sun, and as soft as an overcast sky. */
const HARD = 3;
const SOFT = 1;

/** Hard light divides what is not sky into lit and shaded parts, several stops apart (Otsu's threshold on logarithms). */
function directLightFact(luma: Plane, { planes }: SceneMaps): Fact {
  const counts = new Float64Array(LEVELS);
  for (const [i, value] of luma.entries()) {
    if ((planes.sky[i] as number) > SURELY_NOT) continue;
    const stops = Math.log2(Math.max(value ** 2.2, 2 ** -LOWEST));
    const level = Math.floor(((stops + LOWEST) / LOWEST) * LEVELS);
    counts[Math.min(LEVELS - 1, level)] = (counts[Math.min(LEVELS - 1, level)] as number) + 1;
  }
  const { separation, share } = otsu(counts);
  const stops = (separation / LEVELS) * LOWEST;
  const value = share * smoothstep(SOFT, HARD, stops);
  return { low: value, high: value, confidence: TRUSTED };
}

const LEVELS = 64;
/** Stops below white that are looked at. */
const LOWEST = 8;

/** Distance of the two classes' means in levels, and the share of the variance that lies between them. */
function otsu(counts: Float64Array): { readonly separation: number; readonly share: number } {
  let [total, sum, squares] = [0, 0, 0];
  for (const [level, count] of counts.entries()) {
    total += count;
    sum += count * level;
    squares += count * level * level;
  }
  const variance = squares / total - (sum / total) ** 2;
  let best = { separation: 0, share: 0 };
  let [below, sumBelow] = [0, 0];
  for (const [level, count] of counts.entries()) {
    below += count;
    sumBelow += count * level;
    const above = total - below;
    if (below === 0 || above === 0) continue;
    const separation = (sum - sumBelow) / above - sumBelow / below;
    const between = ((below * above) / total ** 2) * separation ** 2;
    const share = variance > 0 ? between / variance : 0;
    if (share > best.share) best = { separation, share };
  }
  return best;
}

function lumaOf({ rgb }: ScenePicture): Plane {
  return Float32Array.from(
    { length: rgb.length / 3 },
    (_, i) =>
      (0.299 * (rgb[3 * i] as number) +
        0.587 * (rgb[3 * i + 1] as number) +
        0.114 * (rgb[3 * i + 2] as number)) /
      255,
  );
}
