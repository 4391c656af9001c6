import type { Range } from './range.ts';

interface Need {
  /** What is measured, in words for the authors of a bank. */
  readonly about: string;
  readonly bounds: Range;
}

const share = (of: string): Need => ({
  about: `share of the picture that is ${of}`,
  bounds: [0, 1],
});

/**
 * What an instruction may ask of a scene. All are numbers measured on the scene's maps and on the photograph at working
 * size; a need that the maps do not confirm keeps its instruction from being chosen.
 */
export const NEEDS = {
  sky: share('sky'),
  ground: share('ground'),
  water: share('water'),
  vegetation: share('plants'),
  building: share('buildings'),
  person: share('people'),
  face: share('faces: what must not be covered or recoloured'),
  subject: share('the subject'),
  lights: share('sources of light'),
  windows: share('windows that could be lit'),
  outdoors: { about: 'confidence that the picture was taken outdoors', bounds: [0, 1] },
  depth: {
    about: 'distance between the near and the far parts (10th to 90th percentile of the depth map)',
    bounds: [0, 1],
  },
  horizon: {
    about:
      'row of the horizon as a share of the height; outside 0 to 1 where it is not in the picture',
    bounds: [-4, 5],
  },
  brightness: { about: 'mean of the picture, 0 black to 1 white', bounds: [0, 1] },
  directLight: {
    about:
      'how hard the light is: what lies between lit and shaded parts, 0 overcast to 1 midday sun',
    bounds: [0, 1],
  },
} as const satisfies Readonly<Record<string, Need>>;

export type NeedName = keyof typeof NEEDS;
export const NEED_NAMES = Object.keys(NEEDS) as readonly NeedName[];

/** Needs that are left out are not checked. */
export type Needs = Readonly<Partial<Record<NeedName, { min?: number; max?: number }>>>;

/** Both needs at once: the greater minimum, the smaller maximum. */
export function bothNeeds(one: Needs, other: Needs): Needs {
  const joined: Record<string, { min?: number; max?: number }> = {};
  for (const name of NEED_NAMES) {
    const min = Math.max(one[name]?.min ?? -Infinity, other[name]?.min ?? -Infinity);
    const max = Math.min(one[name]?.max ?? Infinity, other[name]?.max ?? Infinity);
    const asked = { ...(min > -Infinity && { min }), ...(max < Infinity && { max }) };
    if (min > -Infinity || max < Infinity) joined[name] = asked;
  }
  return joined;
}
