import type { GraphBuilder, Value } from './graph.ts';
import { add, layerNorm, linear } from './layers.ts';
import { MICROSOFT } from './onnxModel.ts';

/** Widths that CUDA's BiasAdd kernel supports; its BiasSplitGelu kernel supports 8 times these (4 times, plus the gate). */
const FUSED_WIDTHS: readonly number[] = [320, 640, 1280];

export interface Branch {
  /** The value that the branch is added to, [n, m, cOut]. */
  readonly onto: Value;
  /** Its last layer, an nn.Linear. */
  readonly name: string;
  readonly shape: readonly [cIn: number, cOut: number];
}

/** onto + linear(x). */
export function addLinear(graph: GraphBuilder, x: Value, { onto, name, shape }: Branch): Value {
  if (!isFused(graph, shape[1])) return add(graph, onto, linear(graph, x, name, shape));
  const product = linear(graph, x, name, shape, { bias: false });
  const bias = graph.weight(`${name}.bias`, [shape[1]]);
  return graph.node('BiasAdd', [product, bias, onto], { domain: MICROSOFT });
}

/** onto + linear(x), and the same after an nn.LayerNorm. */
export function addLinearThenNorm(
  graph: GraphBuilder,
  x: Value,
  { onto, name, shape }: Branch,
  norm: string,
): { readonly sum: Value; readonly normed: Value } {
  const width = shape[1];
  if (!isFused(graph, width)) {
    const sum = add(graph, onto, linear(graph, x, name, shape));
    return { sum, normed: layerNorm(graph, sum, norm, width) };
  }
  const product = linear(graph, x, name, shape, { bias: false });
  const bias = graph.weight(`${name}.bias`, [width]);
  const scale = graph.weight(`${norm}.weight`, [width]);
  const shift = graph.weight(`${norm}.bias`, [width]);
  const [normed, , , sum] = graph.nodes(
    'SkipLayerNormalization',
    [product, onto, scale, shift, bias],
    4,
    { attributes: { epsilon: { float: 1e-5 } }, domain: MICROSOFT },
  ) as [Value, Value, Value, Value];
  return { sum, normed };
}

/** GEGLU: the first half of a projection to 2 · inner, gated by the GELU of the second: [n, m, width] → [n, m, inner]. */
export function gatedLinear(
  graph: GraphBuilder,
  x: Value,
  name: string,
  [width, inner]: readonly [number, number],
): Value {
  const shape = [width, inner * 2] as const;
  if (inner === width * 4 && isFused(graph, width)) {
    const product = linear(graph, x, name, shape, { bias: false });
    const bias = graph.weight(`${name}.bias`, [inner * 2]);
    return graph.node('BiasSplitGelu', [product, bias], { domain: MICROSOFT });
  }
  const [value, gate] = graph.nodes('Split', [linear(graph, x, name, shape)], 2, {
    attributes: { axis: -1, num_outputs: 2 },
  }) as [Value, Value];
  return graph.node('Mul', [value, graph.node('Gelu', [gate])]);
}

const isFused = ({ profile }: GraphBuilder, width: number): boolean =>
  profile.residual === 'fused' && FUSED_WIDTHS.includes(width);
