import { attendTo } from '../../onnx/attention.ts';
import type { GraphBuilder, Value } from '../../onnx/graph.ts';
import { add, conv2d, groupNorm, layerNorm, linear } from '../../onnx/layers.ts';
import { toPicture, toTokens } from '../../onnx/pictures.ts';
import { addLinear, addLinearThenNorm, gatedLinear } from '../../onnx/residual.ts';

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

/** Transformer2DModel of diffusers with one block: attention over the pixels of a picture and to the tokens. */
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
  const inner = channels * 4;
  const square = [channels, channels] as const;
  const h = projectIn(graph, normed, `${name}.proj_in`, shape);
  const own = layerNorm(graph, h, `${block}.norm1`, channels);
  const seen = attention(graph, own, own, channels, `${block}.attn1`, shape);
  const first = { onto: h, name: `${block}.attn1.to_out.0`, shape: square };
  const asking = addLinearThenNorm(graph, seen, first, `${block}.norm2`);
  const heard = attention(graph, asking.normed, tokens, shape.tokenWidth, `${block}.attn2`, shape);
  const second = { onto: asking.sum, name: `${block}.attn2.to_out.0`, shape: square };
  const last = addLinearThenNorm(graph, heard, second, `${block}.norm3`);
  const gated = gatedLinear(graph, last.normed, `${block}.ff.net.0.proj`, [channels, inner]);
  const third = { onto: last.sum, name: `${block}.ff.net.2`, shape: [inner, channels] } as const;
  const out = addLinear(graph, gated, third);
  return add(graph, x, projectOut(graph, out, x, `${name}.proj_out`, shape));
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
  return attendTo(graph, x, context, {
    query: `${name}.to_q`,
    key: `${name}.to_k`,
    value: `${name}.to_v`,
    contextWidth,
    heads,
    channels,
  });
}
