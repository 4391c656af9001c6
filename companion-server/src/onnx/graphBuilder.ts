import { float32ToFloat16 } from '../tensor/float16.ts';
import { EMIT_PROFILES, type EmitProfile } from './emitProfile.ts';
import type { GraphBuilder, Numbers, Value } from './graph.ts';
import type { OnnxNode, OnnxTensor, OnnxValue } from './onnxModel.ts';
import { createWeightNodes } from './weightNodes.ts';
import type { WeightSink, WeightSource } from './weights.ts';

/** First opset with GroupNormalization as PyTorch means it (scale per channel) and 20's Gelu. */
export const OPSET = 21;

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
