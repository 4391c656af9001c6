import type { Extent } from '@emoeditor/shared';
import {
  type ContentMaps,
  MAP_GRADED,
  MAP_LOST,
  MAP_MASK_OFFSET,
  MAP_MASK_SLOPE,
  MAP_SLOPE,
  MAPS,
  MASK_FLOOR,
} from '../fit/fitContent.ts';
import { type GrainCore, keptGrain, noiseAt } from './contentGrain.ts';
import { ditherPosition } from './samples.ts';

/** Cubic B-spline taps of one axis: for sample i, maps `first[i] … first[i]+3` (clamped by the reader) and four weights. */
export interface SplineSamples {
  readonly first: Int32Array;
  /** [count][4] */
  readonly weights: Float32Array;
}

/** Samples `start … start+count` of `length` positions over `size` map values, centres at +0.5. */
export function splineSamples(
  start: number,
  count: number,
  length: number,
  size: number,
): SplineSamples {
  const first = new Int32Array(count);
  const weights = new Float32Array(count * 4);
  for (let i = 0; i < count; i++) {
    const position = ((start + i + 0.5) * size) / length - 0.5;
    const base = Math.floor(position);
    const t = position - base;
    first[i] = base - 1;
    weights[i * 4] = (1 - t) ** 3 / 6;
    weights[i * 4 + 1] = (3 * t ** 3 - 6 * t ** 2 + 4) / 6;
    weights[i * 4 + 2] = (-3 * t ** 3 + 3 * t ** 2 + 3 * t + 1) / 6;
    weights[i * 4 + 3] = t ** 3 / 6;
  }
  return { first, weights };
}

/** Map columns that a tile reads: `from … from+count`, with the border repeated so that no pixel has to clamp. */
export interface MapWindow {
  readonly from: number;
  readonly count: number;
}

export function mapWindow(columns: SplineSamples): MapWindow {
  const from = columns.first[0] as number;
  return { from, count: (columns.first[columns.first.length - 1] as number) + 4 - from };
}

/** The maps at one height, for the window's columns: [count][12]. Returns false when no content is near. */
export function contentLine(
  content: ContentMaps,
  extent: Extent,
  rows: SplineSamples,
  y: number,
  window: MapWindow,
  out: Float32Array,
): boolean {
  const { width, height } = extent;
  const first = rows.first[y] as number;
  const clampRow = (row: number) => Math.min(height - 1, Math.max(0, row));
  const near = clampRow(first + 1) * width;
  let reached = false;
  out.fill(0);
  for (let tap = 0; tap < 4; tap++) {
    const row = clampRow(first + tap) * width;
    const weight = rows.weights[y * 4 + tap] as number;
    for (let column = 0; column < window.count; column++) {
      const x = Math.min(width - 1, Math.max(0, window.from + column));
      if (content.reach[near + x]) reached = true;
      const from = (row + x) * MAPS;
      const to = column * MAPS;
      for (let k = 0; k < MAPS; k++) {
        out[to + k] = (out[to + k] as number) + weight * (content.maps[from + k] as number);
      }
    }
  }
  return reached;
}

type Lines = readonly [Float32Array, Float32Array, Float32Array];

/**
 * Adds the content to a row's colour change. With G the graded colour, r the residual, s the graded source at
 * working size, M the mask and w the share of structure that survived:
 * change += M · (r − (1 − w)·(G − s − grain)), so detail of the photograph stays where its structure did.
 * @param left column of the layer that the row starts at
 * @param top row of the layer that this row is
 */
export function addContent(
  line: Float32Array,
  reach: Uint8Array,
  reachRow: number,
  extentWidth: number,
  columns: SplineSamples,
  window: MapWindow,
  color: Lines,
  luma: Float32Array,
  delta: Lines,
  grain: GrainCore,
  left: number,
  top: number,
): void {
  const sample = new Float64Array(MAPS);
  const count = columns.first.length;
  for (let i = 0; i < count; i++) {
    const first = columns.first[i] as number;
    const near = Math.min(extentWidth - 1, Math.max(0, first + 1));
    if (!reach[reachRow + near]) continue;
    const at = (first - window.from) * MAPS;
    const w0 = columns.weights[i * 4] as number;
    const w1 = columns.weights[i * 4 + 1] as number;
    const w2 = columns.weights[i * 4 + 2] as number;
    const w3 = columns.weights[i * 4 + 3] as number;
    for (let k = 0; k < MAPS; k++) {
      sample[k] =
        w0 * (line[at + k] as number) +
        w1 * (line[at + MAPS + k] as number) +
        w2 * (line[at + 2 * MAPS + k] as number) +
        w3 * (line[at + 3 * MAPS + k] as number);
    }
    const guide = luma[i] as number;
    const linear = (sample[MAP_MASK_SLOPE] as number) * guide + (sample[MAP_MASK_OFFSET] as number);
    if (linear <= MASK_FLOOR) continue;
    const mask = Math.min(1, (linear - MASK_FLOOR) / (1 - 2 * MASK_FLOOR));
    const lost = sample[MAP_LOST] as number;
    const noise = noiseAt(ditherPosition(left + i, top));
    for (let k = 0; k < 3; k++) {
      const change = delta[k] as Float32Array;
      const graded = ((color[k] as Float32Array)[i] as number) + (change[i] as number);
      const residual = (sample[k] as number) + (sample[MAP_SLOPE + k] as number) * guide;
      const detail = graded - (sample[MAP_GRADED + k] as number);
      const removed = detail - keptGrain(grain, detail, noise);
      change[i] = (change[i] as number) + mask * (residual - lost * removed);
    }
  }
}
