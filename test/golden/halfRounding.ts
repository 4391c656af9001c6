import {
  ELEMENT_TYPE,
  type OnnxModel,
  type OnnxNode,
} from '@emoeditor/companion-server/onnx/onnxModel.ts';

const { float32, float16, int64 } = ELEMENT_TYPE;

/** Move numbers without computing any: what they give is as round as what they get. */
const MOVING = [
  'Reshape',
  'Transpose',
  'Concat',
  'Split',
  'Slice',
  'Resize',
  'Unsqueeze',
  'Identity',
];

/**
 * A graph that computes in float16, as one that computes in float32 and rounds every result to float16. The CPU widens
 * most operators and leaves roundings between them out, so it would be more exact than any graphics card.
 */
export function roundingToHalf(model: OnnxModel): OnnxModel {
  const types = new Map<string, number>();
  for (const { name, type } of model.inputs) types.set(name, ELEMENT_TYPE[type]);
  const halves = model.tensors.filter(({ type }) => type === 'float16');
  const nodes = halves.map(({ name }) => cast(`${name}/half`, name, float32));
  for (const { name, type } of model.tensors) types.set(name, ELEMENT_TYPE[type]);
  for (const node of model.nodes) {
    const type = typeOf(node, types);
    for (const output of node.outputs) types.set(output, type);
    nodes.push(...(type === float16 || isWidening(node, types) ? rounded(node, types) : [node]));
  }
  const tensors = model.tensors.map((tensor) =>
    tensor.type === 'float16' ? { ...tensor, name: `${tensor.name}/half` } : tensor,
  );
  return { ...model, nodes, tensors };
}

const cast = (from: string, to: string, type: number): OnnxNode => ({
  name: `${to}/cast`,
  type: 'Cast',
  domain: '',
  inputs: [from],
  outputs: [to],
  attributes: { to: type },
});

function typeOf({ type, inputs, attributes }: OnnxNode, types: ReadonlyMap<string, number>) {
  if (type === 'Shape') return int64;
  if (type === 'Cast') return attributes['to'] as number;
  return types.get(inputs[0] ?? '') ?? float32;
}

const isWidening = ({ type, inputs }: OnnxNode, types: ReadonlyMap<string, number>) =>
  type === 'Cast' && types.get(inputs[0] ?? '') === float16;

function rounded(node: OnnxNode, types: ReadonlyMap<string, number>): OnnxNode[] {
  if (isWidening(node, types)) return [{ ...node, type: 'Identity', attributes: {} }];
  if (MOVING.includes(node.type)) return [node];
  const results = node.outputs.filter((name) => name !== '');
  const exact = node.outputs.map((name) => (name === '' ? '' : `${name}/exact`));
  const computed =
    node.type === 'Cast'
      ? { ...node, type: 'Identity', attributes: {}, outputs: exact }
      : { ...node, outputs: exact };
  return [
    computed,
    ...results.flatMap((name) => [
      cast(`${name}/exact`, `${name}/rounded`, float16),
      cast(`${name}/rounded`, name, float32),
    ]),
  ];
}
