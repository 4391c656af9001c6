import type { Samples } from './raster.ts';

interface Picture {
  readonly data: Samples;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/** Area average (nearest where it grows), colour weighted by alpha so that hidden colour does not bleed. RGBA only. */
export function resample(
  { data, width, height }: Picture,
  size: { readonly width: number; readonly height: number },
): Picture {
  const length = size.width * size.height * 4;
  const out = data instanceof Uint8Array ? new Uint8Array(length) : new Uint16Array(length);
  for (let y = 0; y < size.height; y++) {
    const [top, bottom] = span(y, size.height, height);
    for (let x = 0; x < size.width; x++) {
      const [left, right] = span(x, size.width, width);
      let [red, green, blue, alpha] = [0, 0, 0, 0];
      for (let v = top; v < bottom; v++) {
        for (let u = left, at = (v * width + left) * 4; u < right; u++, at += 4) {
          const weight = data[at + 3] as number;
          red += (data[at] as number) * weight;
          green += (data[at + 1] as number) * weight;
          blue += (data[at + 2] as number) * weight;
          alpha += weight;
        }
      }
      const to = (y * size.width + x) * 4;
      const total = alpha || 1;
      out[to] = Math.round(red / total);
      out[to + 1] = Math.round(green / total);
      out[to + 2] = Math.round(blue / total);
      out[to + 3] = Math.round(alpha / ((right - left) * (bottom - top)));
    }
  }
  return { data: out, ...size, channels: 4 };
}

function span(index: number, outputs: number, inputs: number): readonly [number, number] {
  const from = Math.min(inputs - 1, Math.floor((index * inputs) / outputs));
  return [from, Math.max(from + 1, Math.floor(((index + 1) * inputs) / outputs))];
}
