import { type Tensor, tensor } from './tensor.ts';
import { type ResizeTaps, resamplePlanes } from './tensorKernel.ts';

/**
 * Resizes pictures [n, c, h, w], bilinear and antialiased: the arithmetic of
 * `torch.nn.functional.interpolate(mode='bilinear', antialias=True)`. ONNX Runtime's own Resize differs from it by up
 * to 0.06.
 */
export function resizeBilinear(pictures: Tensor, width: number, height: number): Tensor {
  const [n = 0, c = 0, h = 0, w = 0] = pictures.dims;
  if (h === height && w === width) return pictures;
  const data = resamplePlanes(pictures.data, tapsOf(w, width), tapsOf(h, height));
  return tensor(data, [n, c, height, width]);
}

/** Working sizes are few and come again with every picture. */
const known = new Map<string, ResizeTaps>();

function tapsOf(inputs: number, outputs: number): ResizeTaps {
  const key = `${inputs} to ${outputs}`;
  const taps = known.get(key) ?? triangleTaps(inputs, outputs);
  known.set(key, taps);
  return taps;
}

/** A triangle as wide as two output pixels where the picture shrinks, two input pixels where it grows. */
function triangleTaps(inputs: number, outputs: number): ResizeTaps {
  const scale = inputs / outputs;
  const support = Math.max(scale, 1);
  const most = Math.ceil(support) * 2 + 1;
  const starts = new Int32Array(outputs);
  const lengths = new Int32Array(outputs);
  const weights = new Float32Array(outputs * most);
  for (let i = 0; i < outputs; i++) {
    const centre = scale * (i + 0.5);
    const first = Math.max(0, Math.floor(centre - support + 0.5));
    const last = Math.min(inputs, Math.floor(centre + support + 0.5));
    let total = 0;
    for (let input = first; input < last; input++)
      total += triangle((input - centre + 0.5) / support);
    for (let input = first; input < last; input++) {
      weights[i * most + input - first] = triangle((input - centre + 0.5) / support) / total;
    }
    starts[i] = first;
    lengths[i] = last - first;
  }
  return { inputs, outputs, starts, lengths, weights, most };
}

const triangle = (distance: number): number => Math.max(0, 1 - Math.abs(distance));
