import { SRGB_PROFILE } from '@emoeditor/shared';
import { matrixProfile } from './iccProfile.ts';

/** An RGB working space of one matrix and one tone curve. */
export interface RgbSpace {
  /** ICC profile name as Photoshop tells it. */
  readonly name: string;
  /** Linear RGB → XYZ relative to D50, row-major 3×3. */
  readonly toXyz: readonly number[];
  /** Encoded [0, 1] → linear [0, 1]. */
  decode(value: number): number;
  /** Linear [0, 1] → encoded [0, 1]. */
  encode(value: number): number;
}

const gamma = (exponent: number) => ({
  decode: (value: number) => Math.max(0, value) ** exponent,
  encode: (value: number) => Math.max(0, value) ** (1 / exponent),
});

/** IEC 61966-2-1. */
const srgbCurve = {
  decode: (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4),
  encode: (value: number) =>
    value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055,
};

/** ROMM RGB (ISO 22028-2) has a linear toe of slope 16; Adobe's profile is a pure 1.8. */
const SPACES: readonly (RgbSpace & { readonly also: RegExp })[] = [
  {
    name: SRGB_PROFILE,
    also: /^s ?rgb\b(?!.*linear)/i,
    // Bradford-adapted to D50, as in the ICC profile of HP and Microsoft.
    toXyz: [
      0.436065, 0.385151, 0.143078, 0.222493, 0.716887, 0.060619, 0.013916, 0.097081, 0.714099,
    ],
    ...srgbCurve,
  },
  {
    name: 'Adobe RGB (1998)',
    also: /^adobe ?rgb ?\(?1998\)?|^compatible with adobe rgb|^opRGB/i,
    // Adobe RGB (1998) Color Image Encoding, annex: D50-adapted primaries, gamma 563/256.
    toXyz: [0.60974, 0.20528, 0.14919, 0.31111, 0.62567, 0.06322, 0.01947, 0.06087, 0.74457],
    ...gamma(563 / 256),
  },
  {
    name: 'Display P3',
    also: /^display ?p3|^image p3$/i,
    // Apple's Display P3 profile: DCI primaries, D65 adapted to D50, the curve of sRGB.
    toXyz: [
      0.515102, 0.291965, 0.157153, 0.241182, 0.692236, 0.066582, -0.001049, 0.041882, 0.784378,
    ],
    ...srgbCurve,
  },
  {
    name: 'ProPhoto RGB',
    also: /^prophoto|^romm/i,
    // ROMM RGB, native D50.
    toXyz: [0.797675, 0.135192, 0.031353, 0.28804, 0.711874, 0.000086, 0, 0, 0.82521],
    ...gamma(1.8),
  },
];

/** The working space of that ICC profile name, or null when it is none of those we know. */
export function documentSpace(profile: string): RgbSpace | null {
  const name = profile.trim();
  return SPACES.find((space) => space.name === name || space.also.test(name)) ?? null;
}

/** Greatest difference of a primary or of a tone curve's sample that is still the same space. */
const SAME_PRIMARY = 0.003;
const SAME_TONE = 0.006;

/**
 * The working space that an ICC profile describes, by its primaries and tone curve: names differ from vendor to
 * vendor. Null for table-based and unknown profiles.
 */
export function spaceOfProfile(icc: Uint8Array): RgbSpace | null {
  const profile = matrixProfile(icc);
  if (profile === null) return null;
  const same = (space: RgbSpace) =>
    space.toXyz.every(
      (value, i) => Math.abs(value - (profile.toXyz[i] as number)) <= SAME_PRIMARY,
    ) &&
    [0.1, 0.25, 0.5, 0.75, 0.9].every(
      (value) => Math.abs(space.decode(value) - profile.decode(value)) <= SAME_TONE,
    );
  return SPACES.find(same) ?? null;
}

/** True when both names mean the same space. */
export function sameSpace(a: string, b: string): boolean {
  return a === b || (documentSpace(a) !== null && documentSpace(a) === documentSpace(b));
}

function invert(m: readonly number[]): number[] {
  const [a, b, c, d, e, f, g, h, i] = m as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const det = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  return [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ].map((value) => value / det);
}

function multiply(a: readonly number[], b: readonly number[]): number[] {
  return Array.from({ length: 9 }, (_, at) => {
    const row = Math.floor(at / 3) * 3;
    const column = at % 3;
    return [0, 1, 2].reduce(
      (sum, k) => sum + (a[row + k] as number) * (b[k * 3 + column] as number),
      0,
    );
  });
}

/**
 * Planar RGB [3, n] in [0, 1] from one space to the other, relative colorimetric; colours outside are clipped.
 * The same array comes back when the spaces are the same.
 */
export function convertPlanar(rgb: Float32Array, from: RgbSpace, to: RgbSpace): Float32Array {
  if (from.name === to.name) return rgb;
  const matrix = multiply(invert(to.toXyz), from.toXyz);
  const pixels = rgb.length / 3;
  const out = new Float32Array(rgb.length);
  for (let i = 0; i < pixels; i++) {
    const r = from.decode(rgb[i] as number);
    const g = from.decode(rgb[i + pixels] as number);
    const b = from.decode(rgb[i + 2 * pixels] as number);
    for (let k = 0; k < 3; k++) {
      const linear =
        (matrix[k * 3] as number) * r +
        (matrix[k * 3 + 1] as number) * g +
        (matrix[k * 3 + 2] as number) * b;
      out[i + k * pixels] = to.encode(Math.min(1, Math.max(0, linear)));
    }
  }
  return out;
}

const SRGB = SPACES[0] as RgbSpace;

/** Planar sRGB → planar RGB of the document. */
export function fromSrgb(rgb: Float32Array, space: RgbSpace): Float32Array {
  return convertPlanar(rgb, SRGB, space);
}

/** Planar RGB of the document → planar sRGB. */
export function toSrgb(rgb: Float32Array, space: RgbSpace): Float32Array {
  return convertPlanar(rgb, space, SRGB);
}
