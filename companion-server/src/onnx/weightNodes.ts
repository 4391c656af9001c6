import type { EmitProfile } from './emitProfile.ts';
import type { GraphBuilder, Numbers, Operand, Value } from './graph.ts';
import { ELEMENT_TYPE, type OnnxTensor } from './onnxModel.ts';
import type { Place, StoredWeight, Weight, WeightSink, WeightSource } from './weights.ts';

export interface WeightNodesOf {
  readonly node: GraphBuilder['node'];
  /** Tensors of the graph, to which the weights are added. */
  readonly tensors: OnnxTensor[];
  readonly source: WeightSource;
  readonly sink: WeightSink;
  readonly profile: EmitProfile;
}

/** Makes graph values of a checkpoint's tensors: stored in one type, cast to the type that the graph computes in. */
export function createWeightNodes({
  node,
  tensors,
  source,
  sink,
  profile,
}: WeightNodesOf): Pick<GraphBuilder, 'weight' | 'operand' | 'computed'> {
  const placed = new Map<string, Value>();
  const external = (name: string, type: OnnxTensor['type'], dims: readonly number[], at: Place) => {
    tensors.push({ name, type, dims, data: { kind: 'external', ...at } });
    return name;
  };
  // ONNX Runtime folds these casts and products when it loads the graph: small files, full float32 speed.
  const widened = (
    { name, shape }: Weight,
    { type, place, scale }: StoredWeight,
    numbers: Numbers,
  ): Value => {
    const stored = external(name, type, shape, place);
    if (type === numbers) return stored;
    const to = (wanted: Numbers, from: Value) =>
      node('Cast', [from], { attributes: { to: ELEMENT_TYPE[wanted] } });
    if (scale === undefined) return to(numbers, stored);
    const perRow = shape.map((length, axis) => (axis === 0 ? length : 1));
    const scales = external(`${name}.scale`, 'float32', perRow, scale);
    // In float32: the scales may be too small for float16.
    const wide = node('Mul', [to('float32', stored), scales]);
    return numbers === 'float32' ? wide : to(numbers, wide);
  };
  const asOperand = (weight: Weight, stored: StoredWeight, numbers: Numbers): Operand => {
    const { type, place, scale } = stored;
    if (!profile.integers || type !== 'int8' || scale === undefined) {
      return { kind: 'float', value: widened(weight, stored, numbers) };
    }
    const { name, shape } = weight;
    return {
      kind: 'integer',
      values: external(name, type, shape, place),
      scale: external(`${name}.scale`, 'float32', [shape[0] ?? 1], scale),
    };
  };
  return {
    weight(name, shape, numbers = profile.numbers) {
      const known = placed.get(name);
      if (known !== undefined) return known;
      const weight = source.take(name, shape);
      const value = widened(weight, sink.place(weight), numbers);
      placed.set(name, value);
      return value;
    },
    operand(name, shape, numbers = profile.numbers) {
      const weight = source.take(name, shape);
      return asOperand(weight, sink.place(weight), numbers);
    },
    computed: (weight) => widened(weight, sink.place(weight), profile.numbers),
  };
}
