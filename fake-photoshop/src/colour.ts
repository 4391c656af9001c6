import { type Depth, depthOf, newSamples, rangeOf, type Samples } from './raster.ts';

type Triple = readonly [number, number, number];

/** Colour space of samples, by Photoshop's names (imaging.md, "colorSpace"), and its profile. */
export interface ColourSpace {
  readonly name: 'RGB' | 'Grayscale' | 'Lab' | 'CMYK';
  readonly profile: string;
}

const MODES: Readonly<Record<string, ColourSpace['name']>> = {
  RGBColorMode: 'RGB',
  grayscaleMode: 'Grayscale',
  labColorMode: 'Lab',
  CMYKColorMode: 'CMYK',
};

/** The colour space of a document's mode (ps-reference/modules/constants.md, DocumentMode). */
export const spaceOfMode = (mode: string): ColourSpace['name'] => MODES[mode] ?? 'RGB';

const COLOURS = { RGB: 3, Grayscale: 1, Lab: 3, CMYK: 4 } as const;
export const coloursOf = (space: ColourSpace['name']): number => COLOURS[space];
/** Samples of a pixel in a layer, alpha included. */
export const channelsOf = (mode: string): number => coloursOf(spaceOfMode(mode)) + 1;

/** Chromaticities of red, green, blue and white, and the tone curve, of an RGB profile. */
interface RgbProfile {
  readonly xy: readonly [Pair, Pair, Pair, Pair];
  decode(value: number): number;
  encode(linear: number): number;
}
type Pair = readonly [x: number, y: number];

const D65: Pair = [0.3127, 0.329];
const D50: Pair = [0.3457, 0.3585];
/** Of the profile connection space (ICC.1:2022, 7.2.16). */
const WHITE: Triple = [0.9642, 1, 0.8249];

const gamma = (g: number) => ({
  decode: (value: number) => Math.max(0, value) ** g,
  encode: (linear: number) => Math.max(0, linear) ** (1 / g),
});

/** IEC 61966-2-1. */
const SRGB_TONE = {
  decode: (v: number) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4),
  encode: (v: number) => (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055),
};

/** By the names that Photoshop gives them. */
const RGB_PROFILES: Readonly<Record<string, RgbProfile>> = {
  'sRGB IEC61966-2.1': { xy: [[0.64, 0.33], [0.3, 0.6], [0.15, 0.06], D65], ...SRGB_TONE },
  'Adobe RGB (1998)': { xy: [[0.64, 0.33], [0.21, 0.71], [0.15, 0.06], D65], ...gamma(563 / 256) },
  'Display P3': { xy: [[0.68, 0.32], [0.265, 0.69], [0.15, 0.06], D65], ...SRGB_TONE },
  'ProPhoto RGB': {
    xy: [[0.7347, 0.2653], [0.1596, 0.8404], [0.0366, 0.0001], D50],
    ...gamma(1.8),
  },
  'Apple RGB': { xy: [[0.625, 0.34], [0.28, 0.595], [0.155, 0.07], D65], ...gamma(1.8) },
};
const GRAY_PROFILES: Readonly<Record<string, number>> = {
  'Gray Gamma 2.2': 2.2,
  'Gray Gamma 1.8': 1.8,
};

/** Colour in 0..1 to XYZ relative to D50 and back: the formulas of the spaces themselves, no tables. */
interface Conversion {
  toXyz(colour: readonly number[]): Triple;
  fromXyz(xyz: Triple): readonly number[];
}

/**
 * Samples of one space as another, in any depths; alpha stays as it is. 32 bit is linear (imaging.md, "Terminology").
 * @param colours channels of a pixel before its alpha, in each space; more channels are alpha
 */
export function convertSamples(
  data: Samples,
  channels: number,
  [from, to]: readonly [ColourSpace, ColourSpace],
  depth: Depth = depthOf(data),
): Samples {
  const before = depthOf(data);
  const [colours, wanted] = [coloursOf(from.name), coloursOf(to.name)];
  const isSameSpace = from.name === to.name && from.profile === to.profile;
  if (isSameSpace && before === depth) return data;
  const hasAlpha = channels > colours;
  const count = data.length / channels;
  const out = newSamples(depth, count * (wanted + (hasAlpha ? 1 : 0)));
  const source = conversionOf(from, before === 32);
  const target = conversionOf(to, depth === 32);
  const [unit, range] = [rangeOf(before), rangeOf(depth)];
  const put = (at: number, value: number) => {
    out[at] = depth === 32 ? value : Math.round(Math.min(1, Math.max(0, value)) * range);
  };
  for (let i = 0, o = 0; i < data.length; i += channels, o += wanted + (hasAlpha ? 1 : 0)) {
    const colour = Array.from(data.subarray(i, i + colours), (value) => value / unit);
    for (const [k, value] of target.fromXyz(source.toXyz(colour)).entries()) put(o + k, value);
    if (hasAlpha) put(o + wanted, (data[i + colours] as number) / unit);
  }
  return out;
}

/** @throws Error for a profile that the fake has no formula for */
function conversionOf({ name, profile }: ColourSpace, isLinear: boolean): Conversion {
  switch (name) {
    case 'RGB':
      return rgbConversion(profile, isLinear);
    case 'Grayscale': {
      const tone = isLinear ? gamma(1) : gamma(GRAY_PROFILES[profile] ?? unknown(profile));
      return {
        toXyz: ([value = 0]) => WHITE.map((w) => w * tone.decode(value)) as unknown as Triple,
        fromXyz: ([, y]) => [tone.encode(y)],
      };
    }
    case 'Lab':
      return LAB;
    case 'CMYK':
      return CMYK;
  }
}

function unknown(profile: string): never {
  throw new Error(`The fake Photoshop has no formula for the profile “${profile}”.`);
}

const conversions = new Map<string, Conversion>();

function rgbConversion(profile: string, isLinear: boolean): Conversion {
  const key = `${profile} ${isLinear}`;
  const known = conversions.get(key);
  if (known !== undefined) return known;
  const space = RGB_PROFILES[profile] ?? unknown(profile);
  const { decode, encode } = isLinear ? gamma(1) : space;
  const matrix = rgbToXyz(space.xy);
  const inverse = inverted(matrix);
  const made: Conversion = {
    toXyz: (rgb) => times(matrix, rgb.map(decode) as unknown as Triple),
    fromXyz: (xyz) => times(inverse, xyz).map(encode),
  };
  conversions.set(key, made);
  return made;
}

type Matrix = readonly [Triple, Triple, Triple];

const times = (m: Matrix, v: Triple): Triple =>
  m.map(([a, b, c]) => a * v[0] + b * v[1] + c * v[2]) as unknown as Triple;

const product = (a: Matrix, b: Matrix): Matrix => {
  const columns = [0, 1, 2].map((k) => times(a, [b[0][k], b[1][k], b[2][k]] as unknown as Triple));
  return [0, 1, 2].map((row) => columns.map((column) => column[row])) as unknown as Matrix;
};

function inverted([[a, b, c], [d, e, f], [g, h, i]]: Matrix): Matrix {
  const det = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  const rows = [
    [e * i - f * h, c * h - b * i, b * f - c * e],
    [f * g - d * i, a * i - c * g, c * d - a * f],
    [d * h - e * g, b * g - a * h, a * e - b * d],
  ];
  return rows.map((row) => row.map((value) => value / det)) as unknown as Matrix;
}

/** Cone responses (Bradford), in which white points are adapted. */
const BRADFORD: Matrix = [
  [0.8951, 0.2664, -0.1614],
  [-0.7502, 1.7135, 0.0367],
  [0.0389, -0.0685, 1.0296],
];

const xyzOf = ([x, y]: Pair): Triple => [x / y, 1, (1 - x - y) / y];

/** Primaries that add up to white, adapted to the profile connection space. */
function rgbToXyz([red, green, blue, white]: RgbProfile['xy']): Matrix {
  const primaries = [red, green, blue].map(xyzOf);
  const columns = [0, 1, 2].map((row) => primaries.map((p) => p[row])) as unknown as Matrix;
  const scale = times(inverted(columns), xyzOf(white));
  const rows = columns.map((row) => row.map((value, k) => value * (scale[k] as number)));
  const [from, to] = [times(BRADFORD, xyzOf(white)), times(BRADFORD, WHITE)];
  const ratio = [0, 1, 2].map((k) => (to[k] as number) / (from[k] as number));
  const adapted = BRADFORD.map((row, k) => row.map((value) => value * (ratio[k] as number)));
  const adapt = product(inverted(BRADFORD), adapted as unknown as Matrix);
  return product(adapt, rows as unknown as Matrix);
}

/** CIE 1976, with L in 0..1 for 0..100 and a, b in 0..1 for -128..127. */
const LAB: Conversion = {
  toXyz([l = 0, a = 0, b = 0]) {
    const y = (l * 100 + 16) / 116;
    const f = [y + (a * 255 - 128) / 500, y, y - (b * 255 - 128) / 200];
    const cubed = (t: number) => (t > 6 / 29 ? t ** 3 : 3 * (6 / 29) ** 2 * (t - 4 / 29));
    return f.map((t, k) => (WHITE[k] as number) * cubed(t)) as unknown as Triple;
  },
  fromXyz(xyz) {
    const root = (t: number) =>
      t > (6 / 29) ** 3 ? Math.cbrt(t) : t / (3 * (6 / 29) ** 2) + 4 / 29;
    const [x, y, z] = xyz.map((value, k) => root(value / (WHITE[k] as number))) as [
      number,
      number,
      number,
    ];
    return [(116 * y - 16) / 100, (500 * (x - y) + 128) / 255, (200 * (y - z) + 128) / 255];
  },
};

/** CMYK profiles are tables that may not be redistributed: the textbook formula stands for all of them. */
const CMYK: Conversion = {
  toXyz: ([c = 0, m = 0, y = 0, k = 0]) =>
    rgbConversion('sRGB IEC61966-2.1', false).toXyz([c, m, y].map((ink) => (1 - ink) * (1 - k))),
  fromXyz(xyz) {
    const rgb = rgbConversion('sRGB IEC61966-2.1', false).fromXyz(xyz);
    const k = 1 - Math.max(...rgb, 0);
    return [...rgb.map((value) => (k >= 1 ? 0 : (1 - value - k) / (1 - k))), k];
  },
};
