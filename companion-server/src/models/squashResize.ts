import { type Tensor, tensor } from '../tensor/tensor.ts';

interface Taps {
  /** First input index per output. */
  readonly start: Int32Array;
  /** How many inputs count, per output. */
  readonly length: Int32Array;
  /** Their weights: `most` places per output, of which the first `length` are used. */
  readonly weights: Float32Array;
  readonly most: number;
}

/**
 * Resizes pictures [n, c, h, w] to a square without regard to aspect, bilinear and antialiased: the arithmetic of
 * `torch.nn.functional.interpolate(mode='bilinear', antialias=True)`, which the predictor was trained behind. ONNX
 * Runtime's own Resize differs from it by up to 0.06.
 */
export function squashResize(pictures: Tensor, side: number): Tensor {
  const [n = 0, c = 0, h = 0, w = 0] = pictures.dims;
  if (h === side && w === side) return pictures;
  const [across, down] = [triangleTaps(w, side), triangleTaps(h, side)];
  const out = new Float32Array(n * c * side * side);
  const rows = new Float32Array(h * side);
  const line = new Float64Array(side);
  for (let plane = 0; plane < n * c; plane++) {
    const from = pictures.data.subarray(plane * h * w, (plane + 1) * h * w);
    const to = out.subarray(plane * side * side, (plane + 1) * side * side);
    narrow(from, w, across, rows, side);
    flatten(rows, down, to, line);
  }
  return tensor(out, [n, c, side, side]);
}

/** Every row on its own: each value is a weighted sum of some of the row's. */
function narrow(
  from: Float32Array,
  width: number,
  { start, length, weights, most }: Taps,
  to: Float32Array,
  side: number,
): void {
  for (let row = 0, out = 0; row < from.length; row += width) {
    for (let x = 0; x < side; x++) {
      const at = row + (start[x] as number);
      const first = x * most;
      const count = length[x] as number;
      let sum = 0;
      for (let k = 0; k < count; k++) {
        sum += (weights[first + k] as number) * (from[at + k] as number);
      }
      to[out++] = sum;
    }
  }
}

/** All columns at once: each row is a weighted sum of some rows, which lie in memory as they are read. */
function flatten(
  from: Float32Array,
  { start, length, weights, most }: Taps,
  to: Float32Array,
  line: Float64Array,
): void {
  const side = line.length;
  for (let y = 0; y < side; y++) {
    line.fill(0);
    for (let k = 0; k < (length[y] as number); k++) {
      const weight = weights[y * most + k] as number;
      const row = ((start[y] as number) + k) * side;
      for (let x = 0; x < side; x++) {
        line[x] = (line[x] as number) + weight * (from[row + x] as number);
      }
    }
    to.set(line, y * side);
  }
}

/** A triangle as wide as two output pixels where the picture shrinks, two input pixels where it grows. */
function triangleTaps(inputs: number, outputs: number): Taps {
  const scale = inputs / outputs;
  const support = Math.max(scale, 1);
  const most = Math.ceil(support) * 2 + 1;
  const start = new Int32Array(outputs);
  const length = new Int32Array(outputs);
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
    start[i] = first;
    length[i] = last - first;
  }
  return { start, length, weights, most };
}

const triangle = (distance: number): number => Math.max(0, 1 - Math.abs(distance));
