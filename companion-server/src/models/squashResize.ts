import { type Tensor, tensor } from '../tensor/tensor.ts';

interface Taps {
  /** First input index per output. */
  readonly start: Int32Array;
  /** Weights per output, `count` each, zero-padded. */
  readonly weights: Float32Array;
  readonly count: number;
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
  for (let plane = 0; plane < n * c; plane++) {
    const from = pictures.data.subarray(plane * h * w, (plane + 1) * h * w);
    const to = out.subarray(plane * side * side, (plane + 1) * side * side);
    for (let y = 0; y < h; y++) gather(from, y * w, 1, across, rows, y * side, 1);
    for (let x = 0; x < side; x++) gather(rows, x, side, down, to, x, side);
  }
  return tensor(out, [n, c, side, side]);
}

/** One line: every output is a weighted sum of inputs `stride` apart. */
function gather(
  from: Float32Array,
  offset: number,
  stride: number,
  { start, weights, count }: Taps,
  to: Float32Array,
  toOffset: number,
  toStride: number,
): void {
  for (let i = 0; i < start.length; i++) {
    let sum = 0;
    let at = offset + (start[i] as number) * stride;
    for (let k = 0; k < count; k++, at += stride) {
      const weight = weights[i * count + k] as number;
      if (weight !== 0) sum += weight * (from[at] as number);
    }
    to[toOffset + i * toStride] = sum;
  }
}

/** A triangle as wide as two output pixels where the picture shrinks, two input pixels where it grows. */
function triangleTaps(inputs: number, outputs: number): Taps {
  const scale = inputs / outputs;
  const support = Math.max(scale, 1);
  const count = Math.ceil(support) * 2 + 1;
  const start = new Int32Array(outputs);
  const weights = new Float32Array(outputs * count);
  for (let i = 0; i < outputs; i++) {
    const centre = scale * (i + 0.5);
    const first = Math.max(0, Math.floor(centre - support + 0.5));
    const last = Math.min(inputs, Math.floor(centre + support + 0.5));
    const found = Array.from({ length: last - first }, (_, k) =>
      Math.max(0, 1 - Math.abs((first + k - centre + 0.5) / support)),
    );
    const total = found.reduce((sum, weight) => sum + weight, 0);
    start[i] = first;
    for (const [k, weight] of found.entries()) weights[i * count + k] = weight / total;
  }
  return { start, weights, count };
}
