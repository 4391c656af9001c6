import type { Needs } from './needs.ts';
import type { Range } from './range.ts';

/** What an instruction may add to a scene. */
export interface SceneElement {
  /** Parameters and the range in which they look right; lengths are shares of the long side. */
  readonly parameters: Readonly<Record<string, Range>>;
  /** Needs of the element itself; those of an instruction come on top. */
  readonly needs: Needs;
}

const UNDER_SKY: Needs = { outdoors: { min: 0.5 }, sky: { min: 0.1 } };
const IN_A_WIDE_SKY: Needs = { outdoors: { min: 0.5 }, sky: { min: 0.15 } };
/** For shadows: bright enough to show one, and lit directly enough to have one. */
const IN_DIRECT_LIGHT: Needs = { brightness: { min: 0.2 }, directLight: { min: 0.25 } };
const AWAY_FROM_FACES: Needs = { face: { max: 0.06 } };

/**
 * Every element that a bank may name. Order of drawing: surface, light, sky, air, weather, lights and fire, lens, glass, film.
 */
export const ELEMENTS = {
  // Surface
  grime: {
    parameters: { dirt: [0.2, 1], streaks: [0.2, 1], mould: [0, 1] },
    needs: AWAY_FROM_FACES,
  },
  cracks: {
    parameters: { strength: [0.4, 1], width: [0.01, 0.03], share: [0.2, 1] },
    needs: { person: { max: 0.1 } },
  },
  'wet-ground': {
    parameters: { amount: [0.4, 1], puddles: [0, 0.9], roughness: [0.25, 0.7] },
    needs: { ground: { min: 0.1 }, horizon: { min: 0, max: 0.95 } },
  },
  // Light
  'low-sun': {
    parameters: { warmth: [0.3, 1.1], contrast: [0.2, 1], rim: [0.3, 1.4], flare: [0, 1] },
    needs: {},
  },
  'night-windows': {
    parameters: { stops: [1, 3], blue: [0.5, 1], lamps: [0, 1.3], pools: [0, 1] },
    needs: { windows: { min: 0.001 }, outdoors: { min: 0.5 } },
  },
  'shadow-branches': {
    parameters: { strength: [0.4, 1], cover: [0.2, 0.45], leaf: [0, 0.8], softness: [0.002, 0.01] },
    needs: IN_DIRECT_LIGHT,
  },
  'shadow-dapple': {
    parameters: { strength: [0.4, 1], scale: [0.7, 1.3], softness: [0.003, 0.012] },
    needs: IN_DIRECT_LIGHT,
  },
  'shadow-blinds': {
    parameters: { strength: [0.4, 1], slats: [8, 24], angle: [-30, 30], softness: [0.002, 0.01] },
    needs: { ...IN_DIRECT_LIGHT, sky: { max: 0.1 } },
  },
  torch: {
    parameters: { dark: [3, 6], radius: [0.18, 0.4], warmth: [0, 1] },
    needs: { sky: { max: 0.35 } },
  },
  'vignette-light': { parameters: { strength: [0.05, 0.9], radius: [0.2, 0.7] }, needs: {} },
  calm: { parameters: { strength: [0.3, 0.9], stops: [0.1, 0.9] }, needs: {} },
  // Sky
  'sky-cumulus': { parameters: { cover: [0.3, 0.55] }, needs: UNDER_SKY },
  'sky-sunset': {
    parameters: { strength: [0.5, 1.25] },
    needs: { ...UNDER_SKY, horizon: { min: 0, max: 1 } },
  },
  'sky-overcast': { parameters: { strength: [0.5, 1.2] }, needs: UNDER_SKY },
  'sky-storm': { parameters: { strength: [0.4, 1.2] }, needs: UNDER_SKY },
  stars: { parameters: { strength: [0.4, 1.6], milkyWay: [0, 1] }, needs: UNDER_SKY },
  aurora: { parameters: { strength: [0.4, 1.7] }, needs: IN_A_WIDE_SKY },
  moon: { parameters: { diameter: [1, 4], phase: [0.1, 1] }, needs: UNDER_SKY },
  lightning: { parameters: { strength: [0.5, 1.5], bolts: [1, 3] }, needs: IN_A_WIDE_SKY },
  rainbow: { parameters: { strength: [0.4, 1.6] }, needs: IN_A_WIDE_SKY },
  birds: { parameters: { amount: [0.3, 2] }, needs: UNDER_SKY },
  bats: { parameters: { amount: [0.3, 1.6] }, needs: UNDER_SKY },
  // Air
  fog: {
    parameters: {
      density: [0.02, 0.25],
      mist: [0, 1],
      height: [0.04, 0.16],
      patchiness: [0, 1],
      warmth: [-0.6, 0.6],
    },
    needs: { depth: { min: 0.25 } },
  },
  'ground-mist': {
    parameters: { density: [0.1, 1], height: [0.04, 0.2], patchiness: [0, 1], warmth: [-0.6, 0.6] },
    needs: { depth: { min: 0.25 }, ground: { min: 0.1 } },
  },
  smoke: {
    parameters: { amount: [0.2, 1.8], low: [0.2, 0.8], dark: [0, 1] },
    needs: { face: { max: 0.04 } },
  },
  'light-shafts': {
    parameters: { strength: [0.3, 1], reach: [0.4, 0.9], warmth: [0, 1] },
    needs: { outdoors: { min: 0.5 } },
  },
  dust: { parameters: { amount: [0.4, 1.6] }, needs: {} },
  // Weather, and what drifts through the air
  rain: { parameters: { amount: [0.3, 1.7] }, needs: { outdoors: { min: 0.6 } } },
  snow: { parameters: { amount: [0.4, 1.7] }, needs: { outdoors: { min: 0.6 } } },
  petals: { parameters: { amount: [0.3, 1.8] }, needs: AWAY_FROM_FACES },
  leaves: { parameters: { amount: [0.3, 1.8] }, needs: AWAY_FROM_FACES },
  confetti: { parameters: { amount: [0.3, 1] }, needs: AWAY_FROM_FACES },
  // Lights and fire
  fireflies: { parameters: { amount: [0.4, 1.6] }, needs: { outdoors: { min: 0.6 } } },
  fireworks: { parameters: { bursts: [1, 6], strength: [0.5, 1.6] }, needs: IN_A_WIDE_SKY },
  embers: {
    parameters: { amount: [0.3, 1.8] },
    // In daylight sparks look like pink scratches.
    needs: { ...AWAY_FROM_FACES, brightness: { max: 0.45 } },
  },
  flames: {
    parameters: { strength: [0.5, 1.5], size: [0.2, 0.75], tongues: [2, 7] },
    needs: { ground: { min: 0.08 }, person: { max: 0.05 } },
  },
  'dark-branches': {
    parameters: { strength: [0.5, 1], blur: [0.001, 0.006] },
    needs: AWAY_FROM_FACES,
  },
  // Lens
  bloom: {
    parameters: { amount: [0.1, 0.9], threshold: [0.6, 0.95], halation: [0, 0.4] },
    needs: {},
  },
  bokeh: {
    parameters: { aperture: [0.004, 0.024], gain: [2, 10] },
    needs: { lights: { min: 0.001 } },
  },
  // Glass
  'rain-on-pane': {
    parameters: {
      blur: [0.003, 0.013],
      drops: [0.2, 1],
      size: [0.006, 0.016],
      trails: [0, 1],
      mist: [0.1, 0.6],
    },
    needs: { face: { max: 0.03 }, brightness: { max: 0.8 } },
  },
  frost: {
    parameters: { reach: [0.08, 0.36], amount: [0.6, 1], cold: [0, 1] },
    needs: { face: { max: 0.03 } },
  },
  // Film
  film: {
    parameters: { grain: [0.01, 0.08], fade: [0, 0.9], leak: [0, 0.9], vignette: [0, 0.6] },
    needs: {},
  },
} as const satisfies Readonly<Record<string, SceneElement>>;

export type ElementName = keyof typeof ELEMENTS;
export const ELEMENT_NAMES = Object.keys(ELEMENTS) as readonly ElementName[];
