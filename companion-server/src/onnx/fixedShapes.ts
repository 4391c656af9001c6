import { fieldsOf } from './protobufReader.ts';
import { createProtobufWriter } from './protobufWriter.ts';

/** Fields of onnx.proto3 on the way from a model to the shape of one of its inputs. */
const MODEL = { graph: 7 };
const GRAPH = { input: 11 };
const VALUE = { name: 1, type: 2 };
const TYPE = { tensor: 1 };
const TENSOR = { shape: 2 };
const SHAPE = { dimension: 1 };
const DIMENSION = { length: 1 };

/**
 * The bytes of a `.onnx` file with fixed input shapes, so that a provider resolves shapes once when it loads the graph
 * instead of at every run.
 * @param shapes by input name; other inputs keep theirs
 */
export function withInputShapes(
  model: Uint8Array,
  shapes: Readonly<Record<string, readonly number[]>>,
): Uint8Array {
  return within(model, [MODEL.graph, GRAPH.input], (input) => {
    const dims = shapes[nameOf(input)];
    if (dims === undefined) return input;
    const shape = createProtobufWriter();
    for (const length of dims) {
      shape.message(SHAPE.dimension, (dimension) => dimension.int(DIMENSION.length, length));
    }
    return within(input, [VALUE.type, TYPE.tensor, TENSOR.shape], () => shape.finish());
  });
}

/** Applies a change to every nested message at a path of field numbers. */
function within(
  message: Uint8Array,
  [field, ...path]: readonly number[],
  change: (inner: Uint8Array) => Uint8Array,
): Uint8Array {
  if (field === undefined) return change(message);
  const parts = fieldsOf(message).map(({ number, payload, whole }) =>
    number === field && payload !== null
      ? createProtobufWriter()
          .bytes(number, within(payload, path, change))
          .finish()
      : whole,
  );
  return Buffer.concat(parts);
}

const nameOf = (input: Uint8Array): string => {
  const name = fieldsOf(input).find(({ number }) => number === VALUE.name)?.payload;
  return new TextDecoder().decode(name ?? new Uint8Array());
};
