import { type PixelBuffer, SRGB_PROFILE } from '@emoeditor/shared';
import {
  decodeTone,
  documentSpace,
  encodeTone,
  type RgbSpace,
  type ToneCurve,
} from '../../../imaging/colourProfiles.ts';
import type { LightPlanes } from '../elementRenderer.ts';
import { type Curve, curveOf, onCurve } from './curves.ts';
import { inverted, type Matrix, multiplied } from './matrix.ts';

/** Between the samples of a document and linear light with sRGB's primaries. */
export interface DocumentLight {
  readonly curve: ToneCurve;
  /** Linear light, 0 … 1 → the document's tone, 0 … 1. */
  readonly encoding: Curve;
  /** The document's tone, 0 … 1 → linear light, 0 … 1. */
  readonly decoding: Curve;
  /** Between the primaries, row-major; null where the document has those of sRGB. */
  readonly toSrgb: Matrix | null;
  readonly fromSrgb: Matrix | null;
}

const SRGB = documentSpace(SRGB_PROFILE) as RgbSpace;
const known = new Map<string, DocumentLight>();

/** @param profile ICC profile name of one of the spaces that the compositor knows; any other counts as sRGB */
export function documentLight(profile: string): DocumentLight {
  const space = documentSpace(profile) ?? SRGB;
  const light = known.get(space.name) ?? lightOf(space);
  known.set(space.name, light);
  return light;
}

function lightOf({ curve, toXyz }: RgbSpace): DocumentLight {
  const isSrgb = toXyz === SRGB.toXyz;
  return {
    curve,
    encoding: curveOf(1, (linear) => encodeTone(curve, linear)),
    decoding: curveOf(1, (tone) => decodeTone(curve, tone)),
    toSrgb: isSrgb ? null : multiplied(inverted(SRGB.toXyz), toXyz),
    fromSrgb: isSrgb ? null : multiplied(inverted(toXyz), SRGB.toXyz),
  };
}

export const SRGB_LIGHT = documentLight(SRGB_PROFILE);
/** sRGB tone of linear light, 0 … 1. */
export const srgbTone = (linear: number) => onCurve(SRGB_LIGHT.encoding, linear);
/** Linear light of an sRGB tone, 0 … 1. */
export const srgbLinear = (tone: number) => onCurve(SRGB_LIGHT.decoding, tone);

/** Linear light of every sample value from 0 to `range`, by tone curve. */
const tables = new WeakMap<ToneCurve, Map<number, Float32Array>>();

function decodingTable(curve: ToneCurve, range: number): Float32Array {
  const ofCurve = tables.get(curve) ?? new Map<number, Float32Array>();
  tables.set(curve, ofCurve);
  const table =
    ofCurve.get(range) ??
    Float32Array.from({ length: range + 1 }, (_, value) => decodeTone(curve, value / range));
  ofCurve.set(range, table);
  return table;
}

/**
 * The light of some pixels of a tile.
 * @param first of the pixels; as many follow as the planes hold
 * @param light filled
 */
export function decodeLight(
  { format, data }: PixelBuffer,
  first: number,
  document: DocumentLight,
  light: LightPlanes,
): void {
  const { channels, range, sample } = format;
  const { curve, decoding, toSrgb } = document;
  const table = sample === 'float32' ? null : decodingTable(curve, range);
  for (const [k, plane] of light.entries()) {
    let at = first * channels + k;
    for (let i = 0; i < plane.length; i++, at += channels) {
      const value = data[at] as number;
      // An integer document may hold more than its range (Photoshop's 32,768 in 16 bits).
      plane[i] =
        table === null ? onCurve(decoding, value) : (table[Math.min(range, value)] as number);
    }
  }
  if (toSrgb !== null) transform(toSrgb, light);
}

/**
 * In place. Clips colours outside sRGB's gamut, for the elements only: what is written to a document is the change they
 * make, not these colours.
 */
function transform(matrix: Matrix, [red, green, blue]: LightPlanes): void {
  const [a, b, c, d, e, f, g, h, j] = matrix;
  for (let i = 0; i < red.length; i++) {
    const x = red[i] as number;
    const y = green[i] as number;
    const z = blue[i] as number;
    red[i] = Math.max(0, a * x + b * y + c * z);
    green[i] = Math.max(0, d * x + e * y + f * z);
    blue[i] = Math.max(0, g * x + h * y + j * z);
  }
}
