import { createProtobufWriter, type ProtobufWriter } from './protobufWriter.ts';

/** Element types by their number in onnx.proto3. */
export const ELEMENT_TYPE = { float32: 1, int8: 3, int64: 7, float16: 10 } as const;
export type ElementType = keyof typeof ELEMENT_TYPE;

export type Attribute =
  | number
  | string
  | readonly number[]
  /** A number that must be a float even where it has no fraction. */
  | { readonly float: number };

export interface OnnxNode {
  readonly name: string;
  readonly type: string;
  readonly domain: string;
  /** An empty name stands for an optional input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface OnnxTensor {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly data:
    | { readonly kind: 'inline'; readonly bytes: Uint8Array }
    | {
        readonly kind: 'external';
        readonly file: string;
        readonly offset: number;
        readonly length: number;
      };
}

export interface OnnxValue {
  readonly name: string;
  readonly type: ElementType;
  /** A string names an axis whose length is known only at run time. */
  readonly dims: readonly (number | string)[];
}

export interface OnnxModel {
  readonly name: string;
  readonly opset: number;
  readonly nodes: readonly OnnxNode[];
  readonly tensors: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

const IR_VERSION = 10;
const EXTERNAL = 1;
const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, ints: 7 } as const;
/** Domain of ONNX Runtime's own operators. */
export const MICROSOFT = 'com.microsoft';

/** The bytes of a `.onnx` file. Field numbers: onnx.proto3 of ONNX 1.16. */
export function encodeModel(model: OnnxModel): Uint8Array {
  return createProtobufWriter()
    .int(1, IR_VERSION)
    .string(2, 'emoeditor')
    .message(7, (graph) => {
      for (const node of model.nodes) graph.message(1, (inner) => writeNode(inner, node));
      graph.string(2, model.name);
      for (const tensor of model.tensors) graph.message(5, (inner) => writeTensor(inner, tensor));
      for (const value of model.inputs) graph.message(11, (inner) => writeValue(inner, value));
      for (const value of model.outputs) graph.message(12, (inner) => writeValue(inner, value));
    })
    .message(8, (domain) => domain.string(1, '').int(2, model.opset))
    .message(8, (domain) => domain.string(1, MICROSOFT).int(2, 1))
    .finish();
}

function writeNode(into: ProtobufWriter, node: OnnxNode): void {
  for (const name of node.inputs) into.string(1, name);
  for (const name of node.outputs) into.string(2, name);
  into.string(3, node.name).string(4, node.type);
  for (const [name, value] of Object.entries(node.attributes)) {
    into.message(5, (inner) => writeAttribute(inner.string(1, name), value));
  }
  if (node.domain !== '') into.string(7, node.domain);
}

function writeAttribute(into: ProtobufWriter, value: Attribute): void {
  if (typeof value === 'number') into.int(3, value).int(20, ATTRIBUTE_TYPE.int);
  else if (typeof value === 'string') {
    into.bytes(4, new TextEncoder().encode(value)).int(20, ATTRIBUTE_TYPE.string);
  } else if ('float' in value) into.float(2, value.float).int(20, ATTRIBUTE_TYPE.float);
  else {
    for (const entry of value) into.int(8, entry);
    into.int(20, ATTRIBUTE_TYPE.ints);
  }
}

function writeTensor(into: ProtobufWriter, { name, type, dims, data }: OnnxTensor): void {
  for (const length of dims) into.int(1, length);
  into.int(2, ELEMENT_TYPE[type]).string(8, name);
  if (data.kind === 'inline') {
    into.bytes(9, data.bytes);
    return;
  }
  const entries = { location: data.file, offset: String(data.offset), length: String(data.length) };
  for (const [key, value] of Object.entries(entries)) {
    into.message(13, (inner) => inner.string(1, key).string(2, value));
  }
  into.int(14, EXTERNAL);
}

function writeValue(into: ProtobufWriter, { name, type, dims }: OnnxValue): void {
  into.string(1, name).message(2, (of) =>
    of.message(1, (tensor) =>
      tensor.int(1, ELEMENT_TYPE[type]).message(2, (shape) => {
        for (const length of dims) {
          shape.message(1, (dim) =>
            typeof length === 'string' ? dim.string(2, length) : dim.int(1, length),
          );
        }
      }),
    ),
  );
}
