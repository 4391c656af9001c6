import { float32ToFloat16 } from '../tensor/float16.ts';
import { EMIT_PROFILES, type EmitProfile } from './emitProfile.ts';
import type { Attribute, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from './onnxModel.ts';
import { createWeightNodes } from './weightNodes.ts';
import type { Weight, WeightSink, WeightSource } from './weights.ts';

/** The name of a value inside a graph. */
export type Value = string;

/** First opset with GroupNormalization as PyTorch means it (scale per channel) and 20's Gelu. */
export const OPSET = 21;

/** What floating-point values are computed in. */
export type Numbers = EmitProfile['numbers'];

export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly domain?: string;
  /** Name of the output, where it is one of the graph's; otherwise a fresh one. */
  readonly as?: string;
}

/** A weight as a layer computes with it. */
export type Operand =
  | { readonly kind: 'float'; readonly value: Value }
  /** int8 values in the shape of the weight, and per entry of its first axis what to multiply them by, [rows]. */
  | { readonly kind: 'integer'; readonly values: Value; readonly scale: Value };

/** Collects the nodes of one graph and finds a place for its weights as it goes; no weight is read yet. */
export interface GraphBuilder {
  /** How layers are to be written. */
  readonly profile: EmitProfile;
  input(name: string, dims: readonly (number | string)[]): Value;
  output(name: string, dims: readonly (number | string)[]): void;
  node(type: string, inputs: readonly Value[], options?: NodeOptions): Value;
  /** A node with several outputs. */
  nodes(type: string, inputs: readonly Value[], count: number, options?: NodeOptions): Value[];
  /** A tensor of the checkpoint under its own name; `shape` as PyTorch stores it, numbers as the profile has them. */
  weight(name: string, shape: readonly number[], numbers?: Numbers): Value;
  /** The same for a layer that can multiply integers, where the weight is stored so and the profile wants it. */
  operand(name: string, shape: readonly number[], numbers?: Numbers): Operand;
  /** A tensor that the importer computes from the checkpoint's. */
  computed(weight: Weight): Value;
  floats(values: readonly number[], dims?: readonly number[], numbers?: Numbers): Value;
  /** @param dims one axis where they are left out; none of it for a single number */
  integers(values: readonly number[], dims?: readonly number[]): Value;
  /** A value that several layers share: made by the first that asks for it. */
  once(key: string, make: () => Value): Value;
  finish(): OnnxModel;
}

export function createGraphBuilder(
  graphName: string,
  source: WeightSource,
  sink: WeightSink,
  profile: EmitProfile = EMIT_PROFILES.cpu,
): GraphBuilder {
  const nodes: OnnxNode[] = [];
  const tensors: OnnxTensor[] = [];
  const inputs: OnnxValue[] = [];
  const outputs: OnnxValue[] = [];
  const shared = new Map<string, Value>();
  let count = 0;
  const fresh = (prefix: string) => `${prefix}_${count++}`;

  const inline = (type: Numbers | 'int64', bytes: Uint8Array, dims: readonly number[]) => {
    const name = fresh('constant');
    tensors.push({ name, type, dims, data: { kind: 'inline', bytes } });
    return name;
  };
  const nodesOf: GraphBuilder['nodes'] = (type, from, wanted, options = {}) => {
    const name = fresh(type);
    const made =
      options.as === undefined
        ? Array.from({ length: wanted }, (_, index) => `${name}:${index}`)
        : [options.as];
    const { domain = '', attributes = {} } = options;
    nodes.push({ name, type, domain, inputs: from, outputs: made, attributes });
    return made;
  };
  const node: GraphBuilder['node'] = (type, from, options) =>
    nodesOf(type, from, 1, options)[0] as Value;
  const weights = createWeightNodes({ node, tensors, source, sink, profile });

  return {
    profile,
    input(name, dims) {
      inputs.push({ name, type: 'float32', dims });
      return name;
    },
    output(name, dims) {
      outputs.push({ name, type: 'float32', dims });
    },
    node,
    nodes: nodesOf,
    ...weights,
    floats(values, dims = [values.length], numbers = profile.numbers) {
      const floats = Float32Array.from(values);
      const { buffer } = numbers === 'float16' ? float32ToFloat16(floats) : floats;
      return inline(numbers, new Uint8Array(buffer), dims);
    },
    integers(values, dims = [values.length]) {
      const words = BigInt64Array.from(values, BigInt);
      return inline('int64', new Uint8Array(words.buffer), dims);
    },
    once(key, make) {
      const value = shared.get(key) ?? make();
      shared.set(key, value);
      return value;
    },
    finish: () => ({ name: graphName, opset: OPSET, nodes, tensors, inputs, outputs }),
  };
}
