import {
  decodeTone,
  type RgbSpace,
  type ToneCurve,
} from '@emoeditor/companion-server/imaging/colourProfiles.ts';

type Row = readonly [number, number, number];

function rows(m: readonly number[]): readonly [Row, Row, Row] {
  return [
    [m[0]!, m[1]!, m[2]!],
    [m[3]!, m[4]!, m[5]!],
    [m[6]!, m[7]!, m[8]!],
  ];
}

/** Cramer's rule. */
function solve(m: readonly number[], [x, y, z]: Row): Row {
  const [[a, b, c], [d, e, f], [g, h, i]] = rows(m);
  const det = (p: Row, q: Row, r: Row) =>
    p[0] * (q[1] * r[2] - q[2] * r[1]) -
    p[1] * (q[0] * r[2] - q[2] * r[0]) +
    p[2] * (q[0] * r[1] - q[1] * r[0]);
  const whole = det([a, b, c], [d, e, f], [g, h, i]);
  return [
    det([x, b, c], [y, e, f], [z, h, i]) / whole,
    det([a, x, c], [d, y, f], [g, z, i]) / whole,
    det([a, b, x], [d, e, y], [g, h, z]) / whole,
  ];
}

function encodeTone({ g, a, b, c, d }: ToneCurve, linear: number): number {
  const clipped = Math.min(1, Math.max(0, linear));
  return clipped < c * d ? clipped / c : (clipped ** (1 / g) - b) / a;
}

/** Relative colorimetric conversion by the spaces' own formulas: the oracle of the one by Little CMS. */
export function plainConversion(rgb: Float32Array, from: RgbSpace, to: RgbSpace): Float32Array {
  const count = rgb.length / 3;
  const out = new Float32Array(rgb.length);
  for (let i = 0; i < count; i++) {
    const linear = [0, 1, 2].map((k) => decodeTone(from.curve, rgb[k * count + i]!));
    const xyz = rows(from.toXyz).map((row) =>
      row.reduce((sum, value, k) => sum + value * linear[k]!, 0),
    ) as unknown as Row;
    for (const [k, value] of solve(to.toXyz, xyz).entries()) {
      out[k * count + i] = encodeTone(to.curve, value);
    }
  }
  return out;
}
