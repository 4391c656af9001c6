import type { GraphBuilder, Value } from './graphBuilder.ts';
import { MICROSOFT } from './onnxModel.ts';

/**
 * Scaled dot-product attention with `heads` heads over projected tokens [n, m, channels].
 * @param bias what to add to the scores before the softmax, [m, m]; graphs with one are small and not worth fusing
 */
export function attend(
  graph: GraphBuilder,
  projected: readonly [query: Value, key: Value, value: Value],
  { heads, channels }: { readonly heads: number; readonly channels: number },
  bias?: Value,
): Value {
  if (graph.profile.attention === 'fused' && bias === undefined) {
    return graph.node('MultiHeadAttention', projected, {
      attributes: { num_heads: heads },
      domain: MICROSOFT,
    });
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
  const seen = bias === undefined ? scores : graph.node('Add', [scores, bias]);
  const shares = graph.node('Softmax', [seen], { attributes: { axis: -1 } });
  const mixed = graph.node('MatMul', [shares, split(value, [0, 2, 1, 3])]);
  const joined = graph.node('Transpose', [mixed], { attributes: { perm: [0, 2, 1, 3] } });
  return graph.node('Reshape', [joined, graph.integers([0, -1, channels])]);
}
