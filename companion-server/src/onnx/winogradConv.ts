import type { GraphBuilder, Value } from './graph.ts';

/**
 * 3×3 convolutions by Winograd's minimal filtering F(m×m, 3×3): (m + 2)² products give the m² pixels of a tile, where
 * the definition needs 9·m². Filters are transformed once, when ONNX Runtime folds the graph's constants. Relative error
 * in float32: 1e-5 to 2e-5. Source: Lavin and Gray, “Fast Algorithms for Convolutional Neural Networks”, 2015,
 * https://arxiv.org/abs/1509.09308, section 4: Y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A.
 */
type Matrix = readonly (readonly number[])[];

interface Filtering {
  /** m, the side of a tile in pixels. */
  readonly tile: number;
  /** Bᵀ, [m + 2, m + 2]: transforms the input window d of a tile. */
  readonly input: Matrix;
  /** G, [m + 2, 3]. */
  readonly filter: Matrix;
  /** Aᵀ, [m, m + 2]. */
  readonly output: Matrix;
}

/** A quarter of the multiplications; filters take four times the memory. */
const F4: Filtering = {
  tile: 4,
  input: [
    [4, 0, -5, 0, 1, 0],
    [0, -4, -4, 1, 1, 0],
    [0, 4, -4, -1, 1, 0],
    [0, -2, -1, 2, 1, 0],
    [0, 2, -1, -2, 1, 0],
    [0, 4, 0, -5, 0, 1],
  ],
  filter: [
    [1 / 4, 0, 0],
    [-1 / 6, -1 / 6, -1 / 6],
    [-1 / 6, 1 / 6, -1 / 6],
    [1 / 24, 1 / 12, 1 / 6],
    [1 / 24, -1 / 12, 1 / 6],
    [0, 0, 1],
  ],
  output: [
    [1, 1, 1, 1, 1, 0],
    [0, 1, -1, 2, -2, 0],
    [0, 1, 1, 4, 4, 0],
    [0, 1, -1, 8, -8, 1],
  ],
};

/** Four ninths of the multiplications; filters take 1.8 times the memory. */
const F2: Filtering = {
  tile: 2,
  input: [
    [1, 0, -1, 0],
    [0, 1, 1, 0],
    [0, -1, 1, 0],
    [0, 1, 0, -1],
  ],
  filter: [
    [1, 0, 0],
    [1 / 2, 1 / 2, 1 / 2],
    [1 / 2, -1 / 2, 1 / 2],
    [0, 0, 1],
  ],
  output: [
    [1, 1, 1, 0],
    [0, 1, -1, -1],
  ],
};

/** With fewer channels tiling costs more than it saves: 0.85 of the time at best (128 channels, 32×32), else 1.1 to 2.6. */
const FEWEST_CHANNELS = 320;
/**
 * Indexed by how often the latents were halved. One graph serves every picture size, so the choice must not be slower
 * at the smallest: with few pixels the time goes into reading the filters, and larger filters take longer.
 */
const BY_LEVEL: readonly Filtering[] = [F4, F2, F2];

/**
 * How a 3×3 convolution is computed fastest; null: by definition (`docs/engine.md`).
 * @param level how often the latents were halved before it
 */
export function filteringFor(cIn: number, cOut: number, level: number): Filtering | null {
  if (Math.min(cIn, cOut) < FEWEST_CHANNELS) return null;
  return BY_LEVEL[level] ?? null;
}

export interface WinogradConv {
  /** nn.Conv2d's [cOut, cIn, 3, 3]. */
  readonly weight: Value;
  readonly shift: Value | undefined;
  readonly shape: readonly [cIn: number, cOut: number];
  readonly as: string | undefined;
}

/** x [n, cIn, h, w] → [n, cOut, h, w], stride 1, a border of one zero on every side. */
export function winogradConv2d(
  graph: GraphBuilder,
  x: Value,
  filtering: Filtering,
  { weight, shift, shape: [cIn, cOut], as }: WinogradConv,
): Value {
  const { integers, node } = graph;
  const { tile, output } = filtering;
  const products = (tile + 2) ** 2;
  const windows = transformedWindows(graph, x, filtering);
  const grid = node('Shape', [windows], { attributes: { start: 2, end: 4 } });
  const onGrid = (...dims: number[]) =>
    node('Concat', [integers(dims), grid], { attributes: { axis: 0 } });

  // [n · cIn, products, rows, columns] → [n, products, cIn, tiles].
  const perPicture = node('Reshape', [windows, onGrid(-1, cIn, products)]);
  const perProduct = node('Transpose', [perPicture], { attributes: { perm: [0, 2, 1, 3, 4] } });
  const inputs = node('Reshape', [perProduct, integers([0, products, cIn, -1])]);
  const filters = transformedFilters(graph, weight, filtering);
  const sums = node('MatMul', [filters, inputs]);

  // [n, products, cOut, tiles] → [n, tile² · cOut, rows, columns] → [n, cOut, tile · rows, tile · columns].
  const flat = node('Reshape', [sums, integers([0, products, -1])]);
  const back = graph.floats(squared(output).flat(), [tile ** 2, products]);
  const pixels = node('MatMul', [back, flat]);
  const tiles = node('Reshape', [pixels, onGrid(-1, tile ** 2 * cOut)]);
  const whole = node('DepthToSpace', [tiles], { attributes: { blocksize: tile, mode: 'DCR' } });
  const sides = node('Shape', [x], { attributes: { start: 2, end: 4 } });
  const cut = [whole, integers([0, 0]), sides, integers([2, 3])];
  const named = as === undefined ? {} : { as };
  if (shift === undefined) return node('Slice', cut, named);
  const perChannel = node('Reshape', [shift, integers([cOut, 1, 1])]);
  return node('Add', [node('Slice', cut), perChannel], named);
}

/**
 * Bᵀ d B of every window of every channel, as a convolution with fixed filters: [n, cIn, h, w] → [n · cIn, products,
 * rows, columns]. Zero padding at the end completes the last tile; the excess pixels are cut off afterwards.
 */
function transformedWindows(graph: GraphBuilder, x: Value, { tile, input }: Filtering): Value {
  const window = tile + 2;
  const planes = graph.node('Reshape', [x, graph.integers([-1, 1, 0, 0])]);
  const filters = graph.floats(squared(input).flat(), [window ** 2, 1, window, window]);
  return graph.node('Conv', [planes, filters], {
    attributes: { kernel_shape: [window, window], strides: [tile, tile], pads: [1, 1, tile, tile] },
  });
}

/**
 * G g Gᵀ of every filter: [cOut, cIn, 3, 3] → [products, cOut, cIn]. Folded when the graph is loaded. One operator,
 * because with several all intermediate constants would be in memory together, gigabytes for SD-1.x.
 */
function transformedFilters(graph: GraphBuilder, weight: Value, { filter }: Filtering): Value {
  const transform = squared(filter);
  const perTap = graph.floats(transform.flat(), [transform.length, 3, 3]);
  return graph.node('Einsum', [perTap, weight], { attributes: { equation: 'pyx,oiyx->poi' } });
}

/** Kronecker square of a matrix: transforms rows and columns of a square that is flattened to a vector. */
function squared(transform: Matrix): number[][] {
  return transform.flatMap((rows) =>
    transform.map((columns) => rows.flatMap((a) => columns.map((b) => a * b))),
  );
}
