import type { Range } from './range.ts';

interface GradeField {
  readonly about: string;
  readonly bounds: Range;
}

/**
 * How the light of a scene changes, in a photographer's terms; 0 changes nothing. The diffusion model learns its light
 * from these fields (`training/emopair/light`, which has the same names and bounds).
 */
export const GRADE_FIELDS = {
  exposure: { about: 'stops', bounds: [-2, 1] },
  contrast: { about: 'share of the contrast, about the middle tone', bounds: [-0.5, 0.5] },
  saturation: { about: 'share of the colour; −1 would be grey', bounds: [-0.9, 0.5] },
  temperature: { about: 'white balance: −1 blue shade, 1 low sun', bounds: [-1, 1] },
  tint: { about: 'white balance: −1 green, 1 magenta', bounds: [-1, 1] },
  split: { about: 'lights warmer and shadows cooler; below 0 the other way', bounds: [-1, 1] },
  fade: { about: 'how far black is lifted, in the scale of the picture', bounds: [0, 0.15] },
  shoulder: { about: 'how early highlights roll off', bounds: [0, 1] },
  haze: { about: 'air before what is far', bounds: [0, 0.7] },
  glow: { about: 'light of bright parts spread around them', bounds: [0, 0.7] },
  skyLight: { about: 'stops of the sky alone', bounds: [-2, 1] },
  skyWarmth: { about: 'white balance of the sky alone, most above the horizon', bounds: [-1, 1] },
  sideLight: { about: 'light from the side that is lit already', bounds: [0, 1] },
  subjectLight: { about: 'light on the subject, falling off to the edges', bounds: [-0.5, 1] },
} as const satisfies Readonly<Record<string, GradeField>>;

export type GradeFieldName = keyof typeof GRADE_FIELDS;
export const GRADE_FIELD_NAMES = Object.keys(GRADE_FIELDS) as readonly GradeFieldName[];
