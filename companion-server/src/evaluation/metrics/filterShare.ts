/** Nodes of the colour table on each axis. */
const SIDE = 9;
const NODES = SIDE ** 3;
/** Ridge on the table's entries: where a photograph has few pixels the change is taken for none. */
const LAMBDA = 0.1;

/** A photograph and an edit of it, both interleaved RGB bytes of one size, about 120 pixels on the long side. */
export interface Pair {
  readonly source: Uint8Array;
  readonly edit: Uint8Array;
}

export interface Shares {
  /** R² of the table fitted on all other photographs, one a photograph; null where the edit changes nothing. */
  readonly others: readonly (number | null)[];
  /** R² of the table fitted on the photograph itself. */
  readonly own: readonly (number | null)[];
}

/**
 * How much of an emotion's edits one fixed table of colours explains: 9 × 9 × 9 nodes, trilinear, holding the change
 * (edit − source, sRGB in 0…1), fitted by ridge. A colour filter has 1, an edit that sits in places has little.
 * @throws RangeError when fewer than two photographs are given
 */
export function filterShares(pairs: readonly Pair[]): Shares {
  const sources = pairs.map(({ source }) => source);
  const [others = []] = sharesByOthers(sources, [pairs.map(({ edit }) => edit)]);
  const own = pairs.map((pair) =>
    explained(pair, solve(factored(gramOf(pair.source)), rightSides(pair))),
  );
  return { others, own };
}

/**
 * The same share by the other photographs for several series of edits of the same photographs. What depends on the
 * photographs alone is done once for all of them, and no more than one photograph's matrix is held beside the sum.
 * @param series edits in the order of the sources, such as those of one method to one emotion
 * @returns for each series its photographs' R²; null where an edit changes nothing
 * @throws RangeError when fewer than two photographs are given
 */
export function sharesByOthers(
  sources: readonly Uint8Array[],
  series: readonly (readonly Uint8Array[])[],
): (number | null)[][] {
  if (sources.length < 2) {
    throw new RangeError(`Expected two photographs or more but received ${sources.length}.`);
  }
  const pair = (edits: readonly Uint8Array[], i: number): Pair => ({
    source: sources[i] as Uint8Array,
    edit: edits[i] as Uint8Array,
  });
  const matrix = new Float64Array(NODES * NODES);
  for (const source of sources) addTo(matrix, gramOf(source));
  const sides = series.map((edits) => {
    const side = new Float64Array(NODES * 3);
    for (const i of sources.keys()) addTo(side, rightSides(pair(edits, i)));
    return side;
  });
  const shares: (number | null)[][] = series.map(() => []);
  for (const [i, source] of sources.entries()) {
    const factor = factored(minus(matrix, gramOf(source)));
    for (const [j, edits] of series.entries()) {
      const one = pair(edits, i);
      const side = minus(sides[j] as Float64Array, rightSides(one));
      shares[j]?.push(explained(one, solve(factor, side)));
    }
  }
  return shares;
}

/** The eight nodes around a colour and their weights. */
function corners(rgb: Uint8Array, pixel: number, nodes: Int32Array, weights: Float64Array): void {
  const axis = (k: number) => {
    const at = ((rgb[pixel * 3 + k] as number) / 255) * (SIDE - 1);
    const low = Math.min(SIDE - 2, Math.floor(at));
    return [low, at - low] as const;
  };
  const [[r, fr], [g, fg], [b, fb]] = [axis(0), axis(1), axis(2)];
  for (let c = 0; c < 8; c++) {
    const [dr, dg, db] = [c & 1, (c >> 1) & 1, c >> 2];
    nodes[c] = ((r + dr) * SIDE + g + dg) * SIDE + b + db;
    weights[c] = (dr ? fr : 1 - fr) * (dg ? fg : 1 - fg) * (db ? fb : 1 - fb);
  }
}

/** Σ w·wᵀ over the pixels, [729][729]. */
function gramOf(source: Uint8Array): Float64Array {
  const out = new Float64Array(NODES * NODES);
  const nodes = new Int32Array(8);
  const weights = new Float64Array(8);
  for (let pixel = 0; pixel < source.length / 3; pixel++) {
    corners(source, pixel, nodes, weights);
    for (let i = 0; i < 8; i++) {
      for (let j = 0; j < 8; j++) {
        const at = (nodes[i] as number) * NODES + (nodes[j] as number);
        out[at] = (out[at] as number) + (weights[i] as number) * (weights[j] as number);
      }
    }
  }
  return out;
}

/** Σ w·change over the pixels, [729][3]. */
function rightSides({ source, edit }: Pair): Float64Array {
  const out = new Float64Array(NODES * 3);
  const nodes = new Int32Array(8);
  const weights = new Float64Array(8);
  for (let pixel = 0; pixel < source.length / 3; pixel++) {
    corners(source, pixel, nodes, weights);
    for (let k = 0; k < 3; k++) {
      const change = ((edit[pixel * 3 + k] as number) - (source[pixel * 3 + k] as number)) / 255;
      for (let i = 0; i < 8; i++) {
        const at = (nodes[i] as number) * 3 + k;
        out[at] = (out[at] as number) + (weights[i] as number) * change;
      }
    }
  }
  return out;
}

/** 1 − what the table leaves of the change's energy; null when there is next to none. */
function explained({ source, edit }: Pair, table: Float64Array): number | null {
  const nodes = new Int32Array(8);
  const weights = new Float64Array(8);
  let left = 0;
  let all = 0;
  for (let pixel = 0; pixel < source.length / 3; pixel++) {
    corners(source, pixel, nodes, weights);
    for (let k = 0; k < 3; k++) {
      const change = ((edit[pixel * 3 + k] as number) - (source[pixel * 3 + k] as number)) / 255;
      let explained = 0;
      for (let i = 0; i < 8; i++) {
        explained += (weights[i] as number) * (table[(nodes[i] as number) * 3 + k] as number);
      }
      left += (change - explained) ** 2;
      all += change ** 2;
    }
  }
  // Half a level on average is rounding, not an edit.
  return all / source.length < (0.5 / 255) ** 2 ? null : 1 - left / all;
}

/** Cholesky's lower triangle of matrix + λ·1; overwrites it. */
function factored(matrix: Float64Array): Float64Array {
  for (let i = 0; i < NODES; i++)
    matrix[i * NODES + i] = (matrix[i * NODES + i] as number) + LAMBDA;
  for (let i = 0; i < NODES; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * NODES + j] as number;
      for (let k = 0; k < j; k++) {
        sum -= (matrix[i * NODES + k] as number) * (matrix[j * NODES + k] as number);
      }
      matrix[i * NODES + j] =
        i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / (matrix[j * NODES + j] as number);
    }
  }
  return matrix;
}

/** x of the factored matrix · x = side; overwrites the side. */
function solve(matrix: Float64Array, side: Float64Array): Float64Array {
  for (let k = 0; k < 3; k++) {
    for (let i = 0; i < NODES; i++) {
      let sum = side[i * 3 + k] as number;
      for (let j = 0; j < i; j++) {
        sum -= (matrix[i * NODES + j] as number) * (side[j * 3 + k] as number);
      }
      side[i * 3 + k] = sum / (matrix[i * NODES + i] as number);
    }
    for (let i = NODES - 1; i >= 0; i--) {
      let sum = side[i * 3 + k] as number;
      for (let j = i + 1; j < NODES; j++) {
        sum -= (matrix[j * NODES + i] as number) * (side[j * 3 + k] as number);
      }
      side[i * 3 + k] = sum / (matrix[i * NODES + i] as number);
    }
  }
  return side;
}

function addTo(sum: Float64Array, values: Float64Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (values[i] as number);
}

const minus = (a: Float64Array, b: Float64Array) => a.map((value, i) => value - (b[i] as number));

/** The middle of those that are there; null when none is. */
export function median(values: readonly (number | null)[]): number | null {
  const there = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (there.length === 0) return null;
  const upper = there[there.length >> 1] as number;
  return there.length % 2 === 1 ? upper : (upper + (there[(there.length >> 1) - 1] as number)) / 2;
}
