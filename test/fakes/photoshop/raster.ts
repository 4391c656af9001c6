/** A rectangle as Photoshop writes it: right and bottom are outside. */
export interface Edges {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export type Depth = 8 | 16;
export type Samples = Uint8Array | Uint16Array;

/** Side of the squares that pixels are kept in: a state of the history shares all that did not change. */
const CHUNK = 256;

/** The sample that means 1.0; 16 bit runs to 32768 (imaging.md, "fullRange"). */
export const rangeOf = (depth: Depth): number => (depth === 8 ? 255 : 32768);

const samples = (depth: Depth, length: number): Samples =>
  depth === 8 ? new Uint8Array(length) : new Uint16Array(length);

export const widthOf = ({ left, right }: Edges): number => Math.max(0, right - left);
export const heightOf = ({ top, bottom }: Edges): number => Math.max(0, bottom - top);
export const isEmpty = (edges: Edges): boolean => widthOf(edges) === 0 || heightOf(edges) === 0;
export const EMPTY: Edges = { left: 0, top: 0, right: 0, bottom: 0 };

export function intersect(a: Edges, b: Edges): Edges {
  const both = {
    left: Math.max(a.left, b.left),
    top: Math.max(a.top, b.top),
    right: Math.min(a.right, b.right),
    bottom: Math.min(a.bottom, b.bottom),
  };
  return isEmpty(both) ? EMPTY : both;
}

/**
 * Interleaved samples on an endless canvas, 0 where nothing was written. Never changes: writing gives a new one.
 * `channels` is 4 (RGBA) for layers and 1 for masks and selections.
 */
export class Raster {
  readonly depth: Depth;
  readonly channels: 1 | 4;
  readonly #chunks: ReadonlyMap<string, Samples>;
  #bounds: Edges | null = null;

  constructor(depth: Depth, channels: 1 | 4, chunks: ReadonlyMap<string, Samples> = new Map()) {
    this.depth = depth;
    this.channels = channels;
    this.#chunks = chunks;
  }

  /** What is not transparent (RGBA) or not 0 (masks). */
  get bounds(): Edges {
    this.#bounds ??= this.#measure();
    return this.#bounds;
  }

  /** The samples of a rectangle. */
  read(edges: Edges): Samples {
    const out = samples(this.depth, widthOf(edges) * heightOf(edges) * this.channels);
    this.#eachRow(edges, (chunk, from, to, count) => {
      if (chunk !== null) out.set(chunk.subarray(from, from + count), to);
    });
    return out;
  }

  /** Another raster with these samples in a rectangle. */
  write(edges: Edges, data: Samples): Raster {
    const chunks = new Map(this.#chunks);
    const own = new Set<string>();
    this.#eachRow(edges, (_, to, from, count, key) => {
      if (!own.has(key)) {
        const before = chunks.get(key);
        chunks.set(key, before?.slice() ?? samples(this.depth, CHUNK * CHUNK * this.channels));
        own.add(key);
      }
      chunks.get(key)?.set(data.subarray(from, from + count), to);
    });
    return new Raster(this.depth, this.channels, chunks);
  }

  /** Calls back for every run of pixels that lies in one row of one chunk. */
  #eachRow(
    { left, top, right, bottom }: Edges,
    visit: (
      chunk: Samples | null,
      inChunk: number,
      inRect: number,
      count: number,
      key: string,
    ) => void,
  ): void {
    const { channels } = this;
    const width = right - left;
    for (let y = top; y < bottom; y++) {
      const row = Math.floor(y / CHUNK);
      for (let x = left; x < right; ) {
        const column = Math.floor(x / CHUNK);
        const end = Math.min(right, (column + 1) * CHUNK);
        const key = `${column},${row}`;
        const inChunk = ((y - row * CHUNK) * CHUNK + (x - column * CHUNK)) * channels;
        const inRect = ((y - top) * width + (x - left)) * channels;
        visit(this.#chunks.get(key) ?? null, inChunk, inRect, (end - x) * channels, key);
        x = end;
      }
    }
  }

  #measure(): Edges {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [key, chunk] of this.#chunks) {
      const [column = 0, row = 0] = key.split(',').map(Number);
      const { channels } = this;
      for (let i = 0; i < CHUNK * CHUNK; i++) {
        if (chunk[i * channels + channels - 1] === 0) continue;
        const [x, y] = [column * CHUNK + (i % CHUNK), row * CHUNK + Math.floor(i / CHUNK)];
        if (x < left) left = x;
        if (x >= right) right = x + 1;
        if (y < top) top = y;
        if (y >= bottom) bottom = y + 1;
      }
    }
    return right > left ? { left, top, right, bottom } : EMPTY;
  }
}
