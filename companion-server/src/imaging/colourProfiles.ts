import { SRGB_PROFILE } from '@emoeditor/shared';
import { matrixProfile } from './iccProfile.ts';

/** ICC parametric curve of type 3 (ICC.1:2022 §10.18): (a·x + b)^g from d on, c·x below. */
export interface ToneCurve {
  readonly g: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

/** An RGB working space of one matrix and one tone curve. */
export interface RgbSpace {
  /** ICC profile name as Photoshop tells it. */
  readonly name: string;
  /** Linear RGB → XYZ relative to D50, row-major 3×3. */
  readonly toXyz: readonly number[];
  /** Encoded [0, 1] → linear [0, 1]. */
  readonly curve: ToneCurve;
}

const gamma = (g: number): ToneCurve => ({ g, a: 1, b: 0, c: 0, d: 0 });

/** IEC 61966-2-1. */
export const SRGB_CURVE: ToneCurve = {
  g: 2.4,
  a: 1 / 1.055,
  b: 0.055 / 1.055,
  c: 1 / 12.92,
  d: 0.04045,
};

/** Encoded [0, 1] → linear [0, 1]. */
export function decodeTone({ g, a, b, c, d }: ToneCurve, value: number): number {
  return value >= d ? Math.max(0, a * value + b) ** g : c * value;
}

/** Linear → encoded, beyond 1 along the same curve and below 0 as the mirror image of above: HDR samples come back. */
export function encodeTone(curve: ToneCurve, linear: number): number {
  if (linear < 0) return -encodeTone(curve, -linear);
  const { g, a, b, c, d } = curve;
  return linear >= decodeTone(curve, d) ? (linear ** (1 / g) - b) / a : linear / c;
}

/** ROMM RGB (ISO 22028-2) has a linear toe of slope 16; Adobe's profile is a pure 1.8. */
export const RGB_SPACES: readonly (RgbSpace & { readonly also: RegExp })[] = [
  {
    name: SRGB_PROFILE,
    also: /^s ?rgb\b(?!.*linear)/i,
    // Bradford-adapted to D50, as in the ICC profile of HP and Microsoft.
    toXyz: [
      0.436065, 0.385151, 0.143078, 0.222493, 0.716887, 0.060619, 0.013916, 0.097081, 0.714099,
    ],
    curve: SRGB_CURVE,
  },
  {
    name: 'Adobe RGB (1998)',
    also: /^adobe ?rgb ?\(?1998\)?|^compatible with adobe rgb|^opRGB/i,
    // Adobe RGB (1998) Color Image Encoding, annex: D50-adapted primaries, gamma 563/256.
    toXyz: [0.60974, 0.20528, 0.14919, 0.31111, 0.62567, 0.06322, 0.01947, 0.06087, 0.74457],
    curve: gamma(563 / 256),
  },
  {
    name: 'Display P3',
    also: /^display ?p3|^image p3$/i,
    // Apple's Display P3 profile: DCI primaries, D65 adapted to D50, the curve of sRGB.
    toXyz: [
      0.515102, 0.291965, 0.157153, 0.241182, 0.692236, 0.066582, -0.001049, 0.041882, 0.784378,
    ],
    curve: SRGB_CURVE,
  },
  {
    name: 'ProPhoto RGB',
    also: /^prophoto|^romm/i,
    // ROMM RGB, native D50.
    toXyz: [0.797675, 0.135192, 0.031353, 0.28804, 0.711874, 0.000086, 0, 0, 0.82521],
    curve: gamma(1.8),
  },
];

/** The working space of that ICC profile name, or null when it is none of those we know. */
export function documentSpace(profile: string): RgbSpace | null {
  const name = profile.trim();
  return RGB_SPACES.find((space) => space.name === name || space.also.test(name)) ?? null;
}

/** Greatest difference of a primary or of a tone curve's sample that is still the same space. */
const SAME_PRIMARY = 0.003;
const SAME_TONE = 0.006;

/**
 * The working space that an ICC profile describes, by its primaries and tone curve: names differ from vendor to
 * vendor. Null for table-based and unknown profiles.
 */
export function spaceOfProfile(icc: Uint8Array): RgbSpace | null {
  return spaceWith(icc, ({ curve }, value) => decodeTone(curve, value));
}

/** The working space of whose linear light an ICC profile speaks, as 32-bit documents have it; null for any other. */
export function linearSpaceOfProfile(icc: Uint8Array): RgbSpace | null {
  return spaceWith(icc, (_, value) => value);
}

function spaceWith(
  icc: Uint8Array,
  decode: (space: RgbSpace, value: number) => number,
): RgbSpace | null {
  const profile = matrixProfile(icc);
  if (profile === null) return null;
  const same = (space: RgbSpace) =>
    space.toXyz.every(
      (value, i) => Math.abs(value - (profile.toXyz[i] as number)) <= SAME_PRIMARY,
    ) &&
    [0.1, 0.25, 0.5, 0.75, 0.9].every(
      (value) => Math.abs(decode(space, value) - profile.decode(value)) <= SAME_TONE,
    );
  return RGB_SPACES.find(same) ?? null;
}

/** True when both names mean the same space. */
export function sameSpace(a: string, b: string): boolean {
  return a === b || (documentSpace(a) !== null && documentSpace(a) === documentSpace(b));
}
