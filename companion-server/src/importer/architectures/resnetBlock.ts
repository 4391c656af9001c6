import type { GraphBuilder, Value } from '../../onnx/graph.ts';
import { add, conv2d, groupNormSilu, linear } from '../../onnx/layers.ts';
import { perPicture } from '../../onnx/pictures.ts';

export interface ResnetShape {
  readonly cIn: number;
  readonly cOut: number;
  readonly groups: number;
  readonly eps: number;
  /** Time embedding after its SiLU and its width; the VAE's blocks have none. */
  readonly time?: { readonly value: Value; readonly width: number };
  /** Level of its convolutions, see `ConvOptions`. */
  readonly level?: number;
}

/** ResnetBlock2D of diffusers over a picture: cIn → cOut channels. */
export function resnetBlock(
  graph: GraphBuilder,
  x: Value,
  name: string,
  shape: ResnetShape,
): Value {
  const { cIn, cOut, time, level } = shape;
  const at = level === undefined ? {} : { level };
  let h = groupNormSilu(graph, x, `${name}.norm1`, cIn, shape);
  h = conv2d(graph, h, `${name}.conv1`, [cIn, cOut, 3], at);
  if (time !== undefined) {
    const shift = linear(graph, time.value, `${name}.time_emb_proj`, [time.width, cOut]);
    h = add(graph, h, perPicture(graph, shift));
  }
  h = groupNormSilu(graph, h, `${name}.norm2`, cOut, shape);
  h = conv2d(graph, h, `${name}.conv2`, [cOut, cOut, 3], at);
  const straight = cIn === cOut ? x : conv2d(graph, x, `${name}.conv_shortcut`, [cIn, cOut, 1]);
  return add(graph, straight, h);
}
