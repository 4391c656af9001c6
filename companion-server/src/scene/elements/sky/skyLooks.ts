import type { Light } from '../light/sceneNumbers.ts';

/** Shape of a layer of clouds; lengths in kilometres. */
export interface CloudLayer {
  readonly kind: 'heaped' | 'cells' | 'deck';
  readonly base: number;
  readonly top: number;
  readonly cover: number;
  readonly scale: number;
  /** Hardness of the edges; of a deck its roughness. */
  readonly sharp: number;
  /** Extinction per kilometre in a cloud's densest part. */
  readonly sigma: number;
  /** Longest way of a ray through the layer. */
  readonly reach: number;
  /** Cover of torn lower clouds before a deck; 0 for none. */
  readonly scud: number;
}

/** A sky and what it does to the ground. Colours are linear light. */
export interface SkyLook {
  readonly zenith: Light;
  readonly low: Light;
  /** Degrees of elevation over which the horizon's colour fades. */
  readonly fall: number;
  readonly sunlight: Light;
  /** Brightness of direct light on clouds, and of light from all around. */
  readonly sun: number;
  readonly ambient: Light;
  /** Of the aureole around the sun. */
  readonly glow: number;
  /** Height of the sun in degrees. */
  readonly elevation: number;
  readonly clouds: CloudLayer;
  /** Distance at which clouds fade into the air. */
  readonly haze: number;
  readonly cirrus: number;
  /** Exponent with which the new sky's light acts on the ground, and how far direct light is taken out of it. */
  readonly ground: number;
  readonly flatten: number;
  readonly tint: Light;
  readonly light: number;
}

export const CUMULUS: SkyLook = {
  zenith: [0.065, 0.17, 0.44],
  low: [0.46, 0.62, 0.8],
  fall: 13,
  sunlight: [1, 0.95, 0.86],
  sun: 0.62,
  ambient: [0.42, 0.51, 0.67],
  glow: 0.05,
  elevation: 38,
  clouds: {
    kind: 'heaped',
    base: 1.1,
    top: 2.5,
    cover: 0.43,
    scale: 2,
    sharp: 4.2,
    sigma: 20,
    reach: 9,
    scud: 0,
  },
  haze: 42,
  cirrus: 0.3,
  ground: 0.45,
  flatten: 0,
  tint: [1, 1, 1],
  light: 1,
};

export const SUNSET: SkyLook = {
  zenith: [0.055, 0.095, 0.22],
  low: [0.95, 0.46, 0.17],
  fall: 9,
  sunlight: [1, 0.4, 0.13],
  sun: 0.62,
  ambient: [0.16, 0.15, 0.23],
  glow: 0.45,
  elevation: 2.2,
  clouds: {
    kind: 'cells',
    base: 3.2,
    top: 3.75,
    cover: 0.58,
    scale: 1.5,
    sharp: 2.2,
    sigma: 5,
    reach: 6,
    scud: 0,
  },
  haze: 95,
  cirrus: 0.5,
  ground: 0.65,
  flatten: 0.15,
  tint: [1.12, 0.95, 0.86],
  light: 0.72,
};

const DECK = { kind: 'deck', sigma: 0, reach: 7 } as const;

export const OVERCAST: SkyLook = {
  zenith: [0.42, 0.45, 0.49],
  low: [0.56, 0.58, 0.6],
  fall: 20,
  sunlight: [1, 0.99, 0.97],
  sun: 0.1,
  ambient: [0.5, 0.525, 0.555],
  glow: 0.03,
  elevation: 55,
  clouds: { ...DECK, base: 1, top: 2.6, cover: 0.75, scale: 2.2, sharp: 0.35, scud: 0 },
  haze: 20,
  cirrus: 0,
  ground: 0.6,
  flatten: 0.5,
  tint: [0.98, 1, 1.03],
  light: 0.85,
};

export const STORM: SkyLook = {
  zenith: [0.1, 0.125, 0.16],
  low: [0.36, 0.39, 0.4],
  fall: 9,
  sunlight: [0.95, 0.95, 0.92],
  sun: 0.16,
  ambient: [0.155, 0.18, 0.215],
  glow: 0,
  elevation: 50,
  clouds: { ...DECK, base: 0.8, top: 3, cover: 0.84, scale: 1.5, sharp: 1, scud: 0.56 },
  haze: 15,
  cirrus: 0,
  ground: 0.75,
  flatten: 0.45,
  tint: [0.95, 1, 1.06],
  light: 0.74,
};
