import { createProtobufWriter } from './protobufWriter.ts';

/** Fields of onnx.proto3 that are written here, and its number for float32. */
const MODEL = { graph: 7 };
const GRAPH = { node: 1, output: 12 };
const NODE = { input: 1, output: 2, name: 3, type: 4 };
const VALUE = { name: 1, type: 2 };
const TYPE = { tensor: 1 };
const TENSOR = { elementType: 1 };
const FLOAT32 = 1;

/**
 * The bytes of a `.onnx` file whose graph gives some of its inner values too. A message that stands twice in a protocol
 * buffer is merged and its lists are joined (protobuf.dev, encoding, “last one wins”), so they are appended as a second
 * graph.
 * @param values names of float32 values inside the graph, by the name of the output
 */
export function withOutputs(
  model: Uint8Array,
  values: Readonly<Record<string, string>>,
): Uint8Array {
  const more = createProtobufWriter().message(MODEL.graph, (graph) => {
    for (const [name, value] of Object.entries(values)) {
      graph.message(GRAPH.node, (node) =>
        node
          .string(NODE.input, value)
          .string(NODE.output, name)
          .string(NODE.name, `output ${name}`)
          .string(NODE.type, 'Identity'),
      );
      graph.message(GRAPH.output, (output) =>
        output
          .string(VALUE.name, name)
          .message(VALUE.type, (type) =>
            type.message(TYPE.tensor, (tensor) => tensor.int(TENSOR.elementType, FLOAT32)),
          ),
      );
    }
  });
  return Buffer.concat([model, more.finish()]);
}
