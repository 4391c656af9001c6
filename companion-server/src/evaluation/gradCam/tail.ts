import { type GraphNode, nodesOf } from '../../onnx/graphNodes.ts';

/**
 * Values inside a predictor's graph that say how its classes follow from its last block, by what they are. Which there
 * are depends on the architecture.
 */
export interface Tail {
  readonly kind: 'kernel' | 'lite' | 'linear';
  readonly values: Readonly<Record<string, string>>;
  /** Of the batch norm after the head's convolution, where it is not folded into it. */
  readonly epsilon: number | null;
}

const HEAD = '_conv_head.weight';
/** PyTorch's default. */
const EPSILON = 1e-5;

/**
 * Finds the last block of an emotion predictor (EfficientNet-Lite with a kernel head or a linear one, ResNet) and the
 * weights behind it; null for a graph of another kind.
 */
export function findTail(model: Uint8Array): Tail | null {
  const nodes = nodesOf(model);
  const names = new Set(nodes.flatMap(({ inputs, outputs }) => [...inputs, ...outputs]));
  const named = (ending: string) =>
    [...names].find((name) => name === ending || name.endsWith(`.${ending}`));
  /** The float32 value of a weight that may be stored in fewer bits. */
  const weight = (ending: string): string | null => {
    const name = named(ending);
    if (name === undefined) return null;
    const cast = nodes.find(({ type, inputs }) => type === 'Cast' && inputs[0] === name);
    return cast?.outputs[0] ?? name;
  };
  const convolution = nodes.find(
    ({ type, inputs }) => type === 'Conv' && inputs[1] === weight(HEAD),
  );
  if (convolution === undefined) return linearTail(nodes, weight('fc.weight'));
  const head = headOf(nodes, convolution);
  const kernel = kernelOf(nodes, weight);
  if (kernel !== null) return { kind: 'kernel', ...head, values: { ...head.values, ...kernel } };
  const classes = weight('_fc.weight');
  return classes === null ? null : { kind: 'lite', ...head, values: { ...head.values, classes } };
}

/** Global mean of the last block, then one linear layer. */
function linearTail(nodes: readonly GraphNode[], classes: string | null): Tail | null {
  const pooling = nodes.findLast(({ type }) => /^(GlobalAveragePool|ReduceMean)$/.test(type));
  const last = pooling?.inputs[0];
  if (classes === null || last === undefined) return null;
  return { kind: 'linear', values: { last, classes }, epsilon: null };
}

/** The last block, and the 1 × 1 convolution that reads it: before ReLU6. */
function headOf(nodes: readonly GraphNode[], convolution: GraphNode) {
  const [last = '', headWeight = ''] = convolution.inputs;
  const [output = ''] = convolution.outputs;
  const norm = nodes.find(
    ({ type, inputs }) => type === 'BatchNormalization' && inputs[0] === output,
  );
  if (norm === undefined) return { values: { last, headWeight, head: output }, epsilon: null };
  const [, normScale = '', , , normVariance = ''] = norm.inputs;
  const [head = ''] = norm.outputs;
  return {
    values: { last, headWeight, head, normScale, normVariance },
    epsilon: norm.floats['epsilon'] ?? EPSILON,
  };
}

function kernelOf(nodes: readonly GraphNode[], weight: (ending: string) => string | null) {
  const [projection, projectionBias, support, regression, regressionBias] = [
    ...['projection.weight', 'projection.bias', 'support', 'regression.weight', 'regression.bias'],
  ].map(weight);
  const pooled = nodes.findLast(({ type }) => type === 'Concat')?.outputs[0];
  const shares = nodes.findLast(({ type }) => type === 'Log')?.inputs[0];
  if (!(projection && projectionBias && support && regression && regressionBias)) return null;
  if (pooled === undefined || shares === undefined) return null;
  return { projection, projectionBias, support, regression, regressionBias, pooled, shares };
}
