import { attend } from '../onnx/attention.ts';
import type { GraphBuilder, Value } from '../onnx/graphBuilder.ts';
import { add, conv2d, groupNorm, layerNorm, linear, toPicture, toTokens } from '../onnx/layers.ts';

export interface TransformerShape {
  readonly channels: number;
  readonly heads: number;
  /** Width of the conditioning tokens. */
  readonly tokenWidth: number;
  readonly groups: number;
  /** Projections in and out are linear layers over tokens, as in newer models, instead of 1×1 convolutions. */
  readonly linearProjection: boolean;
}

/** Epsilon of the norm in front of a transformer; the resnets have another one. */
const EPS = 1e-6;

/** Transformer2DModel of diffusers with one block: attention over the pixels of x [n, c, h, w] and to the tokens. */
export function transformer2D(
  graph: GraphBuilder,
  x: Value,
  tokens: Value,
  name: string,
  shape: TransformerShape,
): Value {
  const { channels, groups } = shape;
  const normed = groupNorm(graph, x, `${name}.norm`, channels, { groups, eps: EPS });
  const block = `${name}.transformer_blocks.0`;
  let h = projectIn(graph, normed, `${name}.proj_in`, shape);
  const own = layerNorm(graph, h, `${block}.norm1`, channels);
  h = add(graph, h, attention(graph, own, own, channels, `${block}.attn1`, shape));
  const asking = layerNorm(graph, h, `${block}.norm2`, channels);
  h = add(graph, h, attention(graph, asking, tokens, shape.tokenWidth, `${block}.attn2`, shape));
  const last = layerNorm(graph, h, `${block}.norm3`, channels);
  h = add(graph, h, feedForward(graph, last, channels, `${block}.ff`));
  return add(graph, x, projectOut(graph, h, x, `${name}.proj_out`, shape));
}

function projectIn(
  graph: GraphBuilder,
  x: Value,
  name: string,
  { channels, linearProjection }: TransformerShape,
): Value {
  if (linearProjection)
    return linear(graph, toTokens(graph, x, channels), name, [channels, channels]);
  return toTokens(graph, conv2d(graph, x, name, [channels, channels, 1]), channels);
}

function projectOut(
  graph: GraphBuilder,
  tokens: Value,
  like: Value,
  name: string,
  { channels, linearProjection }: TransformerShape,
): Value {
  if (linearProjection)
    return toPicture(graph, linear(graph, tokens, name, [channels, channels]), like);
  return conv2d(graph, toPicture(graph, tokens, like), name, [channels, channels, 1]);
}

function attention(
  graph: GraphBuilder,
  x: Value,
  context: Value,
  contextWidth: number,
  name: string,
  { channels, heads }: TransformerShape,
): Value {
  const query = linear(graph, x, `${name}.to_q`, [channels, channels], false);
  const key = linear(graph, context, `${name}.to_k`, [contextWidth, channels], false);
  const value = linear(graph, context, `${name}.to_v`, [contextWidth, channels], false);
  const mixed = attend(graph, [query, key, value], { heads, channels });
  return linear(graph, mixed, `${name}.to_out.0`, [channels, channels]);
}

/** GEGLU: the first half of the projection, gated by the GELU of the second. */
function feedForward(graph: GraphBuilder, x: Value, channels: number, name: string): Value {
  const inner = channels * 4;
  const projected = linear(graph, x, `${name}.net.0.proj`, [channels, inner * 2]);
  const [value, gate] = graph.nodes('Split', [projected], 2, {
    attributes: { axis: -1, num_outputs: 2 },
  }) as [Value, Value];
  const gated = graph.node('Mul', [value, graph.node('Gelu', [gate])]);
  return linear(graph, gated, `${name}.net.2`, [inner, channels]);
}
