import type { Emotion } from '@emoeditor/shared';
import { pixelsOf, type RgbPicture } from '../pictures/rgbPicture.ts';
import type { Method } from './method.ts';

type Three = readonly [number, number, number];

/**
 * RGB → LMS → (log) → lαβ and back. Source: Reinhard et al. 2001, equations 4, 6, 8 and 9; the natural logarithm gives
 * the same pictures as that of ten.
 */
const TO_LMS: readonly Three[] = [
  [0.3811, 0.5783, 0.0402],
  [0.1967, 0.7244, 0.0782],
  [0.0241, 0.1288, 0.8444],
];
const TO_RGB: readonly Three[] = [
  [4.4679, -3.5873, 0.1193],
  [-1.2186, 2.3809, -0.1624],
  [0.0497, -0.2439, 1.2045],
];
const [L, ALPHA, BETA] = [1 / Math.sqrt(3), 1 / Math.sqrt(6), 1 / Math.sqrt(2)];
/** Half a level: the least colour of which a logarithm is taken. */
const LEAST = 0.5 / 255;

/** Mean and standard deviation of a picture on each axis of lαβ. */
export interface ColourStatistics {
  readonly mean: Three;
  readonly deviation: Three;
}

/** A picture's colours as their statistics in lαβ. */
export function statisticsOf({ rgb }: Pick<RgbPicture, 'rgb'>): ColourStatistics {
  const sums = [0, 0, 0];
  const squares = [0, 0, 0];
  const place = new Float64Array(3);
  for (let at = 0; at < rgb.length; at += 3) {
    toLab(rgb, at, place);
    for (let k = 0; k < 3; k++) {
      sums[k] = (sums[k] as number) + (place[k] as number);
      squares[k] = (squares[k] as number) + (place[k] as number) ** 2;
    }
  }
  const count = rgb.length / 3;
  const mean = sums.map((sum) => sum / count);
  const deviation = squares.map((square, k) =>
    Math.sqrt(Math.max(0, square / count - (mean[k] as number) ** 2)),
  );
  return { mean: mean as unknown as Three, deviation: deviation as unknown as Three };
}

/**
 * Colour transfer (Reinhard et al. 2001): a picture is given the mean and the deviation of an exemplar on each axis of
 * lαβ. Computed on sRGB values as they are stored, as most do it.
 */
export function transferColours(picture: RgbPicture, exemplar: ColourStatistics): RgbPicture {
  const own = statisticsOf(picture);
  const gain = own.deviation.map((deviation, k) =>
    deviation < 1e-9 ? 1 : (exemplar.deviation[k] as number) / deviation,
  );
  const { rgb } = picture;
  const out = new Uint8Array(rgb.length);
  const place = new Float64Array(3);
  for (let at = 0; at < rgb.length; at += 3) {
    toLab(rgb, at, place);
    for (let k = 0; k < 3; k++) {
      place[k] =
        ((place[k] as number) - (own.mean[k] as number)) * (gain[k] as number) +
        (exemplar.mean[k] as number);
    }
    fromLab(place, out, at);
  }
  return { ...picture, rgb: out };
}

function toLab(rgb: Uint8Array, at: number, into: Float64Array): void {
  const [r, g, b] = [
    Math.max(LEAST, (rgb[at] as number) / 255),
    Math.max(LEAST, (rgb[at + 1] as number) / 255),
    Math.max(LEAST, (rgb[at + 2] as number) / 255),
  ];
  const [x, y, z] = TO_LMS as [Three, Three, Three];
  const l = Math.log(x[0] * r + x[1] * g + x[2] * b);
  const m = Math.log(y[0] * r + y[1] * g + y[2] * b);
  const s = Math.log(z[0] * r + z[1] * g + z[2] * b);
  into[0] = L * (l + m + s);
  into[1] = ALPHA * (l + m - 2 * s);
  into[2] = BETA * (l - m);
}

function fromLab(place: Float64Array, out: Uint8Array, at: number): void {
  const [l, alpha, beta] = [
    L * (place[0] as number),
    ALPHA * (place[1] as number),
    BETA * (place[2] as number),
  ];
  const long = Math.exp(l + alpha + beta);
  const medium = Math.exp(l + alpha - beta);
  const short = Math.exp(l - 2 * alpha);
  for (let k = 0; k < 3; k++) {
    const [a, b, c] = TO_RGB[k] as Three;
    const value = Math.round(255 * (a * long + b * medium + c * short));
    out[at + k] = Math.min(255, Math.max(0, value));
  }
}

/**
 * Colour transfer from an exemplar for each emotion.
 * @param exemplarOf statistics of the exemplar for a photograph, which is never the photograph itself
 */
export const colourTransfer = (
  name: string,
  exemplarOf: (target: Emotion, photograph: string) => Promise<ColourStatistics>,
): Method => ({
  name,
  make: async ({ name: photograph, picture }, target) => ({
    pixels: pixelsOf(transferColours(picture, await exemplarOf(target, photograph))),
    unetEvaluations: 0,
    told: null,
  }),
});
