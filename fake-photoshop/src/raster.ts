import { type Edges, EMPTY, heightOf, intersect, isEmpty, widthOf } from './edges.ts';

export type Depth = 8 | 16 | 32;
export type Samples = Uint8Array | Uint16Array | Float32Array;

/** Side of the square chunks that pixels are stored in; history states share the chunks that did not change. */
export const CHUNK = 256;

/** The sample that means 1.0; 16 bit runs to 32768 (AdobeDocs/uxp-photoshop, ps-reference/media/imaging.md). */
export const rangeOf = (depth: Depth): number => ({ 8: 255, 16: 32768, 32: 1 })[depth];

export const newSamples = (depth: Depth, length: number): Samples =>
  depth === 8
    ? new Uint8Array(length)
    : depth === 16
      ? new Uint16Array(length)
      : new Float32Array(length);

export const depthOf = (samples: Samples): Depth =>
  samples instanceof Uint8Array ? 8 : samples instanceof Uint16Array ? 16 : 32;

interface Layout {
  readonly depth: Depth;
  /** With alpha, which comes last; 1 for masks and selections. */
  readonly channels: number;
  /** Value of samples that were never written: 0, or the maximum in a mask that reveals all. */
  readonly blank: number;
}

/** Interleaved samples on an endless canvas. Never changes: writing gives a new one. */
export class Raster {
  readonly depth: Depth;
  readonly channels: number;
  readonly blank: number;
  readonly #chunks: ReadonlyMap<string, Samples>;
  #bounds: Edges | null = null;
  #half: Raster | null = null;

  constructor(depth: Depth, channels: number, { blank = 0, chunks }: RasterStart = {}) {
    this.depth = depth;
    this.channels = channels;
    this.blank = blank;
    this.#chunks = chunks ?? new Map();
  }

  /** Bounds of the written samples that are not transparent (pixels) or not 0 (masks). */
  get bounds(): Edges {
    this.#bounds ??= this.#measure();
    return this.#bounds;
  }

  /** The part of a rectangle that is not empty. */
  trimmed(edges: Edges): Edges {
    const within = intersect(edges, this.bounds);
    if (isEmpty(within)) return EMPTY;
    const [width, height] = [widthOf(within), heightOf(within)];
    const inside = contentOf(this.read(within), this.channels, width, height);
    if (inside === EMPTY) return EMPTY;
    return {
      left: within.left + inside.left,
      top: within.top + inside.top,
      right: within.left + inside.right,
      bottom: within.top + inside.bottom,
    };
  }

  /** The square of that column and row as it is kept; undefined where nothing was written. */
  chunkAt(column: number, row: number): Samples | undefined {
    return this.#chunks.get(`${column},${row}`);
  }

  /** The samples of a rectangle. */
  read(edges: Edges): Samples {
    const length = widthOf(edges) * heightOf(edges) * this.channels;
    const out = newSamples(this.depth, length).fill(this.blank);
    this.#eachRow(edges, (key, from, to, count) => {
      const chunk = this.#chunks.get(key);
      if (chunk !== undefined) out.set(chunk.subarray(from, from + count), to);
    });
    return out;
  }

  /** A new raster with these samples in a rectangle. */
  write(edges: Edges, data: Samples): Raster {
    const chunks = new Map(this.#chunks);
    const own = new Set<string>();
    this.#eachRow(edges, (key, to, from, count) => {
      if (!own.has(key)) {
        chunks.set(key, chunks.get(key)?.slice() ?? blankChunk(this));
        own.add(key);
      }
      chunks.get(key)?.set(data.subarray(from, from + count), to);
    });
    return this.#with(chunks);
  }

  /** A new raster, moved. */
  moved(dx: number, dy: number): Raster {
    const { left, top, right, bottom } = this.bounds;
    const place = { left: left + dx, top: top + dy, right: right + dx, bottom: bottom + dy };
    return this.#with(new Map()).write(place, this.read(this.bounds));
  }

  /** Half as wide and high: the next level of the pyramid that Photoshop caches. Colour is weighted by alpha. */
  halved(): Raster {
    this.#half ??= this.#halve();
    return this.#half;
  }

  #with(chunks: ReadonlyMap<string, Samples>): Raster {
    return new Raster(this.depth, this.channels, { blank: this.blank, chunks });
  }

  #halve(): Raster {
    const chunks = new Map<string, Samples>();
    for (const [key, chunk] of this.#chunks) {
      const [column, row] = placeOf(key);
      const half = `${Math.floor(column / 2)},${Math.floor(row / 2)}`;
      const into = chunks.get(half) ?? blankChunk(this);
      chunks.set(half, into);
      const [x, y] = [(column & 1) * (CHUNK / 2), (row & 1) * (CHUNK / 2)];
      halveChunk(chunk, into, x, y, this.channels);
    }
    return this.#with(chunks);
  }

  /** Calls back for every run of pixels that lies in one row of one chunk. */
  #eachRow(
    { left, top, right, bottom }: Edges,
    visit: (key: string, inChunk: number, inRect: number, count: number) => void,
  ): void {
    const { channels } = this;
    const width = right - left;
    for (let y = top; y < bottom; y++) {
      const row = Math.floor(y / CHUNK);
      for (let x = left; x < right; ) {
        const column = Math.floor(x / CHUNK);
        const end = Math.min(right, (column + 1) * CHUNK);
        const inChunk = ((y - row * CHUNK) * CHUNK + (x - column * CHUNK)) * channels;
        const inRect = ((y - top) * width + (x - left)) * channels;
        visit(`${column},${row}`, inChunk, inRect, (end - x) * channels);
        x = end;
      }
    }
  }

  #measure(): Edges {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [key, chunk] of this.#chunks) {
      const inside = boundsOfChunk(chunk, this.channels);
      if (inside === EMPTY) continue;
      const [x, y] = placeOf(key).map((at) => at * CHUNK) as [number, number];
      left = Math.min(left, x + inside.left);
      right = Math.max(right, x + inside.right);
      top = Math.min(top, y + inside.top);
      bottom = Math.max(bottom, y + inside.bottom);
    }
    return right > left ? { left, top, right, bottom } : EMPTY;
  }
}

interface RasterStart {
  readonly blank?: number;
  readonly chunks?: ReadonlyMap<string, Samples>;
}

const blankChunk = ({ depth, channels, blank }: Layout): Samples =>
  newSamples(depth, CHUNK * CHUNK * channels).fill(blank);

/** Column and row of a chunk. */
const placeOf = (key: string): [number, number] => key.split(',').map(Number) as [number, number];

/** Cache of chunk bounds; possible because a chunk in a raster never changes. */
const knownBounds = new WeakMap<Samples, Edges>();

function boundsOfChunk(chunk: Samples, channels: number): Edges {
  const known = knownBounds.get(chunk) ?? contentOf(chunk, channels, CHUNK, CHUNK);
  knownBounds.set(chunk, known);
  return known;
}

/** What is not 0 in the last channel. */
function contentOf(data: Samples, channels: number, width: number, height: number): Edges {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0; y < height; y++) {
    const row = y * width * channels + channels - 1;
    let first = 0;
    while (first < width && data[row + first * channels] === 0) first++;
    if (first === width) continue;
    let last = width - 1;
    while (data[row + last * channels] === 0) last--;
    left = Math.min(left, first);
    right = Math.max(right, last + 1);
    top = Math.min(top, y);
    bottom = y + 1;
  }
  return right > left ? { left, top, right, bottom } : EMPTY;
}

/** Averages 2 × 2 samples of a chunk into a quarter of another, from column `x` and row `y` on. */
function halveChunk(from: Samples, to: Samples, x: number, y: number, channels: number): void {
  const round = from instanceof Float32Array ? (value: number) => value : Math.round;
  const alpha = channels === 1 || channels === 3 ? -1 : channels - 1;
  const down = CHUNK * channels;
  for (let v = 0; v < CHUNK / 2; v++) {
    for (let u = 0; u < CHUNK / 2; u++) {
      const a = (2 * v * CHUNK + 2 * u) * channels;
      const [b, c, d] = [a + channels, a + down, a + down + channels];
      const weight = (at: number) => (alpha < 0 ? 1 : (from[at + alpha] as number));
      const [wa, wb, wc, wd] = [weight(a), weight(b), weight(c), weight(d)];
      const whole = wa + wb + wc + wd;
      const target = ((y + v) * CHUNK + x + u) * channels;
      if (whole === 0) continue;
      for (let k = 0; k < channels; k++) {
        const mean =
          k === alpha
            ? whole / 4
            : ((from[a + k] as number) * wa +
                (from[b + k] as number) * wb +
                (from[c + k] as number) * wc +
                (from[d + k] as number) * wd) /
              whole;
        to[target + k] = round(mean);
      }
    }
  }
}
