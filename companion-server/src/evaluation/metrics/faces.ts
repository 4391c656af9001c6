import type { RgbPicture } from '../pictures/rgbPicture.ts';

/** A face, in shares of the picture's width and height. */
export interface FaceBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Change of a face's mean chromaticity, as a share, from which on it is recoloured. */
const RECOLOURED = 0.2;
/** What no change of light explains of a face's change, RMS in 0 … 1, from which on something lies across it. */
const CROSSED = 0.06;

export interface FaceChange {
  readonly found: number;
  readonly recoloured: number;
  readonly crossed: number;
}

/**
 * Faces whose colour an edit changed, and faces that something was laid across: in which a gain and an offset of each
 * channel do not explain the change. Both pictures at working size.
 */
export function facesChanged(
  source: RgbPicture,
  edit: RgbPicture,
  faces: readonly FaceBox[],
): FaceChange {
  const changes = faces.map((face) => {
    const [from, to] = [within(source, face), within(edit, face)];
    return { chroma: chromaChange(from, to), rest: unexplained(from, to) };
  });
  return {
    found: faces.length,
    recoloured: changes.filter(({ chroma }) => chroma > RECOLOURED).length,
    crossed: changes.filter(({ rest }) => rest > CROSSED).length,
  };
}

/** The pixels of a box, three channels in 0 … 1. */
function within({ width, height, rgb }: RgbPicture, face: FaceBox): Float64Array[] {
  const clamp = (value: number, most: number) => Math.min(most, Math.max(0, Math.round(value)));
  const [left, right] = [face.left, face.left + face.width].map((x) => clamp(x * width, width));
  const [top, bottom] = [face.top, face.top + face.height].map((y) => clamp(y * height, height));
  const values: number[][] = [[], [], []];
  for (let y = top as number; y < (bottom as number); y++) {
    for (let x = left as number; x < (right as number); x++) {
      for (let k = 0; k < 3; k++) values[k]?.push((rgb[(y * width + x) * 3 + k] as number) / 255);
    }
  }
  return values.map((channel) => Float64Array.from(channel));
}

const mean = (values: Float64Array) =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** Greatest change of a channel's share of the mean colour, in thirds. */
function chromaChange(from: readonly Float64Array[], to: readonly Float64Array[]): number {
  const shares = (channels: readonly Float64Array[]) => {
    const means = channels.map(mean);
    const total = means.reduce((sum, value) => sum + value, 1e-6);
    return means.map((value) => value / total);
  };
  const [before, after] = [shares(from), shares(to)];
  return Math.max(...before.map((share, k) => 3 * Math.abs((after[k] as number) - share)));
}

/** RMS of what is left of the edited channels after least squares on the channel of the source. */
function unexplained(from: readonly Float64Array[], to: readonly Float64Array[]): number {
  let [sum, count] = [0, 0];
  for (const [k, source] of from.entries()) {
    const edit = to[k] as Float64Array;
    const [a, b] = [mean(source), mean(edit)];
    let [both, own] = [0, 1e-9];
    source.forEach((value, i) => {
      both += (value - a) * ((edit[i] as number) - b);
      own += (value - a) ** 2;
    });
    source.forEach((value, i) => {
      sum += ((edit[i] as number) - b - (both / own) * (value - a)) ** 2;
      count += 1;
    });
  }
  return Math.sqrt(sum / Math.max(1, count));
}
