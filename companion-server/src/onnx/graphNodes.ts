import { fieldsOf } from './protobufReader.ts';

/** Fields of onnx.proto3 that are read here. */
const MODEL = { graph: 7 };
const GRAPH = { node: 1 };
const NODE = { input: 1, output: 2, type: 4, attribute: 5 };
const ATTRIBUTE = { name: 1, float: 2 };

/** A node of a graph as far as its place among the others tells. */
export interface GraphNode {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Attributes that hold one number. */
  readonly floats: Readonly<Record<string, number>>;
}

/** The nodes of a `.onnx` file, each after those that it depends on. */
export function nodesOf(model: Uint8Array): GraphNode[] {
  return payloads(model, MODEL.graph).flatMap((graph) =>
    payloads(graph, GRAPH.node).map((node) => ({
      type: texts(node, NODE.type)[0] ?? '',
      inputs: texts(node, NODE.input),
      outputs: texts(node, NODE.output),
      floats: Object.fromEntries(
        payloads(node, NODE.attribute).flatMap((attribute) => {
          const [value] = fieldsOf(attribute).filter(({ number }) => number === ATTRIBUTE.float);
          // A tag of one byte, then a little-endian float.
          return value === undefined
            ? []
            : [[texts(attribute, ATTRIBUTE.name)[0] ?? '', floatIn(value.whole.subarray(1))]];
        }),
      ),
    })),
  );
}

const payloads = (message: Uint8Array, wanted: number): Uint8Array[] =>
  fieldsOf(message).flatMap(({ number, payload }) =>
    number === wanted && payload !== null ? [payload] : [],
  );

const texts = (message: Uint8Array, wanted: number): string[] =>
  payloads(message, wanted).map((bytes) => new TextDecoder().decode(bytes));

const floatIn = (bytes: Uint8Array): number =>
  new DataView(bytes.buffer, bytes.byteOffset, 4).getFloat32(0, true);
