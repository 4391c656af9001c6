import type { GraphBuilder, Value } from './graph.ts';
import { linear } from './layers.ts';
import { toFloat32, toNumbers } from './numbers.ts';
import { MICROSOFT } from './onnxModel.ts';

export interface AttentionShape {
  readonly heads: number;
  readonly channels: number;
}

/** Names of the nn.Linear layers without a bias that make query, key and value. */
export interface Projections extends AttentionShape {
  readonly query: string;
  readonly key: string;
  readonly value: string;
  /** Width of the context's tokens. */
  readonly contextWidth: number;
}

/** Attention of x [n, m, channels] to a context [n, k, contextWidth], which may be x itself: [n, m, channels]. */
export function attendTo(
  graph: GraphBuilder,
  x: Value,
  context: Value,
  { query, key, value, contextWidth, ...shape }: Projections,
): Value {
  const own = [shape.channels, shape.channels] as const;
  const other = [contextWidth, shape.channels] as const;
  if (graph.profile.attention === 'packed') {
    const inputs =
      x === context
        ? [packed(graph, x, [query, key, value], own, shape.heads)]
        : [
            linear(graph, x, query, own, { bias: false }),
            packed(graph, context, [key, value], other, shape.heads),
          ];
    return fused(graph, inputs, shape.heads);
  }
  const project = (from: Value, name: string, sides: readonly [number, number]) =>
    linear(graph, from, name, sides, { bias: false });
  const q = project(x, query, own);
  const k = project(context, key, other);
  return attend(graph, [q, k, project(context, value, other)], shape);
}

/**
 * Scaled dot-product attention with `heads` heads over projected tokens [n, m, channels].
 * @param bias what to add to the scores before the softmax, [m, m] in float32; graphs with one are not worth fusing
 */
export function attend(
  graph: GraphBuilder,
  projected: readonly [query: Value, key: Value, value: Value],
  { heads, channels }: AttentionShape,
  bias?: Value,
): Value {
  if (graph.profile.attention !== 'standard' && bias === undefined) {
    return fused(graph, projected, heads);
  }
  const width = channels / heads;
  const split = (tokens: Value, perm: readonly number[]) =>
    graph.node(
      'Transpose',
      [graph.node('Reshape', [tokens, graph.integers([0, -1, heads, width])])],
      { attributes: { perm } },
    );
  const [query, key, value] = projected;
  const scaled = graph.node('Mul', [query, graph.floats([1 / Math.sqrt(width)])]);
  const scores = graph.node('MatMul', [split(scaled, [0, 2, 1, 3]), split(key, [0, 2, 3, 1])]);
  const exact = toFloat32(graph, scores);
  const seen = bias === undefined ? exact : graph.node('Add', [exact, bias]);
  const shares = toNumbers(graph, graph.node('Softmax', [seen], { attributes: { axis: -1 } }));
  const mixed = graph.node('MatMul', [shares, split(value, [0, 2, 1, 3])]);
  const joined = graph.node('Transpose', [mixed], { attributes: { perm: [0, 2, 1, 3] } });
  return graph.node('Reshape', [joined, graph.integers([0, -1, channels])]);
}

const fused = (graph: GraphBuilder, inputs: readonly Value[], heads: number): Value =>
  graph.node('MultiHeadAttention', inputs, {
    attributes: { num_heads: heads },
    domain: MICROSOFT,
  });

/**
 * Several projections as one matrix product: [n, m, cIn] → [n, m, heads, names, width]. The weights [channels, cIn]
 * are concatenated when the graph is loaded.
 */
function packed(
  graph: GraphBuilder,
  x: Value,
  names: readonly string[],
  [cIn, channels]: readonly [number, number],
  heads: number,
): Value {
  const width = channels / heads;
  const byHead = names.map((name) =>
    graph.node('Reshape', [
      graph.weight(`${name}.weight`, [channels, cIn]),
      graph.integers([heads, 1, width, cIn]),
    ]),
  );
  const joined = graph.node('Concat', byHead, { attributes: { axis: 1 } });
  const rows = graph.node('Reshape', [joined, graph.integers([channels * names.length, cIn])]);
  const columns = graph.node('Transpose', [rows], { attributes: { perm: [1, 0] } });
  const product = graph.node('MatMul', [x, columns]);
  return graph.node('Reshape', [product, graph.integers([0, 0, heads, names.length, width])]);
}
