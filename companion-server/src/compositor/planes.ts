import type { Extent } from '@emoeditor/shared';

/** One value per pixel, row by row. */
export type Plane = Float32Array;

/** Filters of one plane that a kernel may bring vectorised; the plain ones are below. */
export interface PlaneFilters {
  /** Gaussian blur; the border repeats. */
  gaussian(plane: Plane, extent: Extent, sigma: number): Plane;
  /** Mean over a square window, cut off at the border. */
  boxMean(plane: Plane, extent: Extent, radius: number): Plane;
}

/** Weights of BGU's guide: cheap, and close enough to luma for telling light from dark. */
export const LUMA_RED = 0.25;
export const LUMA_GREEN = 0.5;
export const LUMA_BLUE = 0.25;

/** Guide of planar RGB [3, H, W]. */
export function lumaPlane(rgb: Float32Array): Plane {
  const pixels = rgb.length / 3;
  const luma = new Float32Array(pixels);
  for (let i = 0; i < pixels; i++) {
    luma[i] =
      LUMA_RED * (rgb[i] as number) +
      LUMA_GREEN * (rgb[i + pixels] as number) +
      LUMA_BLUE * (rgb[i + 2 * pixels] as number);
  }
  return luma;
}

/** Three views on planar RGB, no copy. */
export function channelPlanes(rgb: Float32Array): [Plane, Plane, Plane] {
  const pixels = rgb.length / 3;
  return [
    rgb.subarray(0, pixels),
    rgb.subarray(pixels, 2 * pixels),
    rgb.subarray(2 * pixels, 3 * pixels),
  ];
}

/** Mean of all values. */
export function meanOf(plane: Plane): number {
  let sum = 0;
  for (const value of plane) sum += value;
  return sum / plane.length;
}

/** 0 below `low`, 1 above `high`, with a continuous slope in between. */
export function smoothstep(low: number, high: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
}

/** Mean over a square window, cut off at the border. Cost is independent of the radius. */
export function boxMean(plane: Plane, { width, height }: Extent, radius: number): Plane {
  const rows = new Float32Array(plane.length);
  const acrossScales = windowScales(width, radius);
  for (let at = 0; at < plane.length; at += width) {
    meanOfRow(plane, at, width, radius, acrossScales, rows);
  }
  const out = new Float32Array(plane.length);
  const sums = new Float64Array(width);
  const downScales = windowScales(height, radius);
  for (let y = 0; y < Math.min(radius, height); y++) addRow(sums, rows, y * width, 1);
  for (let y = 0; y < height; y++) {
    if (y + radius < height) addRow(sums, rows, (y + radius) * width, 1);
    if (y > radius) addRow(sums, rows, (y - radius - 1) * width, -1);
    const scale = downScales[y] as number;
    const at = y * width;
    for (let x = 0; x < width; x++) out[at + x] = (sums[x] as number) * scale;
  }
  return out;
}

/** 1 / the number of pixels that a window around each pixel of a line holds. */
function windowScales(length: number, radius: number): Float64Array {
  return Float64Array.from(
    { length },
    (_, x) => 1 / (Math.min(length - 1, x + radius) - Math.max(0, x - radius) + 1),
  );
}

function meanOfRow(
  plane: Plane,
  at: number,
  width: number,
  radius: number,
  scales: Float64Array,
  out: Plane,
): void {
  let sum = 0;
  for (let x = 0; x < Math.min(radius, width); x++) sum += plane[at + x] as number;
  for (let x = 0; x < width; x++) {
    if (x + radius < width) sum += plane[at + x + radius] as number;
    if (x > radius) sum -= plane[at + x - radius - 1] as number;
    out[at + x] = sum * (scales[x] as number);
  }
}

function addRow(sums: Float64Array, rows: Plane, from: number, sign: number): void {
  for (let x = 0; x < sums.length; x++) {
    sums[x] = (sums[x] as number) + sign * (rows[from + x] as number);
  }
}

/** Taps of a Gaussian, 2·radius + 1 of them, with the sum 1. */
export function gaussianTaps(sigma: number): Float64Array {
  const radius = Math.ceil(2.5 * sigma);
  const taps = Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const total = taps.reduce((sum, tap) => sum + tap, 0);
  return Float64Array.from(taps, (tap) => tap / total);
}

/** Gaussian blur; the border repeats. */
export function gaussian(plane: Plane, extent: Extent, sigma: number): Plane {
  const kernel = gaussianTaps(sigma);
  return convolveColumns(convolveRows(plane, extent, kernel), extent, kernel);
}

function convolveRows(plane: Plane, { width, height }: Extent, kernel: Float64Array): Plane {
  const radius = kernel.length >> 1;
  const out = new Float32Array(plane.length);
  const line = new Float64Array(width + 2 * radius);
  for (let y = 0; y < height; y++) {
    const at = y * width;
    for (let x = -radius; x < width + radius; x++) {
      line[x + radius] = plane[at + Math.min(width - 1, Math.max(0, x))] as number;
    }
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let k = 0; k < kernel.length; k++) {
        sum += (kernel[k] as number) * (line[x + k] as number);
      }
      out[at + x] = sum;
    }
  }
  return out;
}

function convolveColumns(plane: Plane, { width, height }: Extent, kernel: Float64Array): Plane {
  const radius = kernel.length >> 1;
  const out = new Float32Array(plane.length);
  const line = new Float64Array(width);
  for (let y = 0; y < height; y++) {
    line.fill(0);
    for (let k = 0; k < kernel.length; k++) {
      const from = Math.min(height - 1, Math.max(0, y + k - radius)) * width;
      const tap = kernel[k] as number;
      for (let x = 0; x < width; x++) {
        line[x] = (line[x] as number) + tap * (plane[from + x] as number);
      }
    }
    out.set(line, y * width);
  }
  return out;
}

/** Greatest value in a square window, of a plane without negative values. */
export function dilate(plane: Plane, { width, height }: Extent, radius: number): Plane {
  const rows = new Float32Array(plane.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let greatest = 0;
      const end = y * width + Math.min(width - 1, x + radius);
      for (let i = y * width + Math.max(0, x - radius); i <= end; i++) {
        if ((plane[i] as number) > greatest) greatest = plane[i] as number;
      }
      rows[y * width + x] = greatest;
    }
  }
  const out = new Float32Array(plane.length);
  for (let y = 0; y < height; y++) {
    const last = Math.min(height - 1, y + radius);
    for (let from = Math.max(0, y - radius); from <= last; from++) {
      for (let x = 0; x < width; x++) {
        const value = rows[from * width + x] as number;
        if (value > (out[y * width + x] as number)) out[y * width + x] = value;
      }
    }
  }
  return out;
}

/** Element by element. */
export function product(a: Plane, b: Plane): Plane {
  const out = new Float32Array(a.length);
  for (let i = 0; i < a.length; i++) out[i] = (a[i] as number) * (b[i] as number);
  return out;
}

export interface GuidedCoefficients {
  readonly slope: Plane;
  readonly offset: Plane;
}

/**
 * Guided filter (He et al. 2010) kept as its linear coefficients: `slope · guide + offset` is the filtered
 * plane, and evaluated with a sharper guide it follows that guide's edges (fast guided filter, He & Sun 2015).
 */
export function guidedCoefficients(
  guide: Plane,
  plane: Plane,
  extent: Extent,
  radius: number,
  epsilon: number,
  arithmetic: Pick<PlaneFilters, 'boxMean'>,
): GuidedCoefficients {
  const mean = (values: Plane) => arithmetic.boxMean(values, extent, radius);
  const meanGuide = mean(guide);
  const meanPlane = mean(plane);
  const meanProduct = mean(product(guide, plane));
  const meanSquare = mean(product(guide, guide));
  const slope = new Float32Array(plane.length);
  const offset = new Float32Array(plane.length);
  for (let i = 0; i < plane.length; i++) {
    const g = meanGuide[i] as number;
    const p = meanPlane[i] as number;
    const a = ((meanProduct[i] as number) - g * p) / ((meanSquare[i] as number) - g * g + epsilon);
    slope[i] = a;
    offset[i] = p - a * g;
  }
  return { slope: mean(slope), offset: mean(offset) };
}

/** Gaussian blur of every channel of planar RGB. */
export function gaussianRgb(
  rgb: Float32Array,
  extent: Extent,
  sigma: number,
  arithmetic: Pick<PlaneFilters, 'gaussian'>,
): Float32Array {
  const out = new Float32Array(rgb.length);
  for (const [k, plane] of channelPlanes(rgb).entries()) {
    out.set(arithmetic.gaussian(plane, extent, sigma), k * plane.length);
  }
  return out;
}
