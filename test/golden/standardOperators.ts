import {
  type Attribute,
  MICROSOFT,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
} from '@emoeditor/companion-server/onnx/onnxModel.ts';

/**
 * A graph with ONNX Runtime's operators for Stable Diffusion on graphics cards, for which the CPU has no kernels,
 * written in operators that it has: what they mean, in the words of their schemas (ContribOperators.md of 1.30).
 */
export function inStandardOperators(model: OnnxModel): OnnxModel {
  const tensors: OnnxTensor[] = [...model.tensors];
  const nodes = model.nodes.flatMap((node) => {
    const meaning = MEANINGS[node.type];
    if (meaning === undefined || node.domain !== MICROSOFT) return [node];
    const expansion = new Expansion(node, tensors);
    meaning(expansion);
    return expansion.nodes;
  });
  return { ...model, nodes, tensors };
}

/** The nodes that take the place of one. */
class Expansion {
  readonly nodes: OnnxNode[] = [];
  readonly node: OnnxNode;
  readonly #tensors: OnnxTensor[];

  constructor(node: OnnxNode, tensors: OnnxTensor[]) {
    this.node = node;
    this.#tensors = tensors;
  }

  input(index: number): string {
    const name = this.node.inputs[index];
    if (name === undefined) throw new Error(`${this.node.type} has no input ${index}`);
    return name;
  }

  attribute(name: string): Attribute {
    const value = this.node.attributes[name];
    if (value === undefined) throw new Error(`${this.node.type} has no attribute ${name}`);
    return value;
  }

  /** A node with one output, or those of the node itself. */
  add(
    type: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    outputs: readonly string[] = [`${this.node.name}/${this.nodes.length}`],
    domain = '',
  ): string {
    const name = `${this.node.name}/${this.nodes.length}/${type}`;
    this.nodes.push({ name, type, domain, inputs, outputs, attributes });
    return outputs[0] as string;
  }

  /** The last node, whose output is the node's own. */
  finish(
    type: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    domain = '',
  ): void {
    this.add(type, inputs, attributes, [this.node.outputs[0] as string], domain);
  }

  integers(values: readonly number[]): string {
    const { buffer } = BigInt64Array.from(values, BigInt);
    return this.#constant('int64', [values.length], buffer);
  }

  float(value: Attribute): string {
    if (typeof value !== 'object' || !('float' in value)) throw new Error('no float');
    return this.#constant('float32', [1], Float32Array.of(value.float).buffer);
  }

  #constant(type: OnnxTensor['type'], dims: readonly number[], buffer: ArrayBuffer): string {
    const name = `${this.node.name}/constant${this.#tensors.length}`;
    const data = { kind: 'inline', bytes: new Uint8Array(buffer) } as const;
    this.#tensors.push({ name, type, dims, data });
    return name;
  }
}

const FLOAT32 = 1;
const FLOAT16 = 10;
const [TO_FIRST, TO_LAST] = [
  [0, 3, 1, 2],
  [0, 2, 3, 1],
];

const MEANINGS: Readonly<Record<string, (node: Expansion) => void>> = {
  /** Conv whose pictures and kernels have their channels last. */
  NhwcConv(node) {
    const x = node.add('Transpose', [node.input(0)], { perm: TO_FIRST as number[] });
    const kernels = node.add('Transpose', [node.input(1)], { perm: TO_FIRST as number[] });
    const rest = node.node.inputs.slice(2);
    const y = node.add('Conv', [x, kernels, ...rest], node.node.attributes);
    node.finish('Transpose', [y], { perm: TO_LAST as number[] });
  },
  /** y = gamma · (x − mean) / √(variance + epsilon) + beta per group of channels, then a SiLU where activation is 1. */
  GroupNorm(node) {
    const isLast = node.attribute('channels_last') === 1;
    const wide = node.add('Cast', [node.input(0)], { to: FLOAT32 });
    const x = isLast ? node.add('Transpose', [wide], { perm: TO_FIRST as number[] }) : wide;
    const groups = node.integers([0, node.attribute('groups') as number, -1]);
    const grouped = node.add('Reshape', [x, groups]);
    const axes = node.integers([2]);
    const mean = node.add('ReduceMean', [grouped, axes]);
    const centred = node.add('Sub', [grouped, mean]);
    const square = node.add('Mul', [centred, centred]);
    const variance = node.add('ReduceMean', [square, axes]);
    const shifted = node.add('Add', [variance, node.float(node.attribute('epsilon'))]);
    const normed = node.add('Div', [centred, node.add('Sqrt', [shifted])]);
    const picture = node.add('Reshape', [normed, node.add('Shape', [x])]);
    const column = node.integers([-1, 1, 1]);
    const perChannel = (index: number) =>
      node.add('Reshape', [node.add('Cast', [node.input(index)], { to: FLOAT32 }), column]);
    const scaled = node.add('Mul', [picture, perChannel(1)]);
    const affine = node.add('Add', [scaled, perChannel(2)]);
    const y =
      node.attribute('activation') === 1
        ? node.add('Mul', [affine, node.add('Sigmoid', [affine])])
        : affine;
    const placed = isLast ? node.add('Transpose', [y], { perm: TO_LAST as number[] }) : y;
    node.finish('Cast', [placed], { to: FLOAT16 });
  },
  /** The left half of x + bias, times the GELU of its right half. */
  BiasSplitGelu(node) {
    const sum = node.add('Add', [node.input(0), node.input(1)]);
    const halves = [`${node.node.name}/left`, `${node.node.name}/right`];
    node.add('Split', [sum], { axis: -1, num_outputs: 2 }, halves);
    const [left, right] = halves as [string, string];
    node.finish('Mul', [left, node.add('Gelu', [right])]);
  },
  /** x + bias + skip. */
  BiasAdd(node) {
    node.finish('Add', [node.add('Add', [node.input(0), node.input(1)]), node.input(2)]);
  },
  /**
   * Packed query, key and value come as [n, m, heads, 3, width], packed key and value as [n, k, heads, 2, width]: taken
   * apart, since the CPU's kernel knows neither.
   */
  MultiHeadAttention(node) {
    const { inputs, attributes } = node.node;
    if (inputs.length === 3) {
      node.nodes.push(node.node);
      return;
    }
    const packed = inputs.at(-1) as string;
    const count = inputs.length === 1 ? 3 : 2;
    const parts = Array.from({ length: count }, (_, i) => `${node.node.name}/part${i}`);
    node.add('Split', [packed], { axis: 3, num_outputs: count }, parts);
    const shape = node.add('Shape', [packed], { start: 0, end: 2 });
    const flat = node.add('Concat', [shape, node.integers([-1])], { axis: 0 });
    const tokens = parts.map((part) => node.add('Reshape', [part, flat]));
    const all = count === 3 ? tokens : [inputs[0] as string, ...tokens];
    node.finish('MultiHeadAttention', all, attributes, MICROSOFT);
  },
};
