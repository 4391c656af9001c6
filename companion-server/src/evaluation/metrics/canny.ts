/** tan 22.5° in 15 bits of fraction. Source: OpenCV, canny.cpp, TG22. */
const TAN_22 = 13573;
const SHIFT = 15;

/** Thresholds of the paper's first version. */
export const LOW = 200;
export const HIGH = 500;

/**
 * Edges of a grey picture as `cv2.Canny(picture, low, high)` finds them: Sobel 3 × 3 with replicated borders, magnitude
 * |dx| + |dy|, thinned along the gradient, weak edges kept where they touch strong ones (Canny 1986).
 * @returns 1 on an edge, [H · W]
 */
export function canny(
  grey: Uint8Array,
  width: number,
  height: number,
  low = LOW,
  high = HIGH,
): Uint8Array {
  const { across, down, size } = sobel(grey, width, height);
  const edges = new Uint8Array(width * height);
  const weak = new Uint8Array(width * height);
  const open: number[] = [];
  const sizeAt = (x: number, y: number) =>
    x < 0 || y < 0 || x >= width || y >= height ? 0 : (size[y * width + x] as number);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const [dx, dy] = [across[at] as number, down[at] as number];
      if ((size[at] as number) <= low || !isRidge(sizeAt, x, y, dx, dy)) continue;
      weak[at] = 1;
      if ((size[at] as number) > high) open.push(at);
    }
  }
  for (const at of open) edges[at] = 1;
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const [x, y] = [at % width, Math.floor(at / width)];
    for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
      for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
        const near = v * width + u;
        if (weak[near] === 0 || edges[near] === 1) continue;
        edges[near] = 1;
        open.push(near);
      }
    }
  }
  return edges;
}

/** Whether the gradient is greatest here along its own direction, in steps of 45°. */
function isRidge(
  sizeAt: (x: number, y: number) => number,
  x: number,
  y: number,
  dx: number,
  dy: number,
): boolean {
  const here = sizeAt(x, y);
  const flat = Math.abs(dx) * TAN_22;
  const steep = Math.abs(dy) * 2 ** SHIFT;
  if (steep < flat) return here > sizeAt(x - 1, y) && here >= sizeAt(x + 1, y);
  if (steep > flat + Math.abs(dx) * 2 ** (SHIFT + 1)) {
    return here > sizeAt(x, y - 1) && here >= sizeAt(x, y + 1);
  }
  const side = dx < 0 !== dy < 0 ? -1 : 1;
  return here > sizeAt(x - side, y - 1) && here > sizeAt(x + side, y + 1);
}

function sobel(grey: Uint8Array, width: number, height: number) {
  const [across, down, size] = [0, 1, 2].map(() => new Int32Array(width * height)) as [
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  const clamp = (value: number, most: number) => Math.min(most - 1, Math.max(0, value));
  for (let y = 0; y < height; y++) {
    const [above, here, below] = [y - 1, y, y + 1].map((row) => clamp(row, height) * width) as [
      number,
      number,
      number,
    ];
    for (let x = 0; x < width; x++) {
      const [left, right] = [clamp(x - 1, width), clamp(x + 1, width)];
      const value = (row: number, column: number) => grey[row + column] as number;
      const dx =
        value(above, right) -
        value(above, left) +
        value(below, right) -
        value(below, left) +
        2 * (value(here, right) - value(here, left));
      const dy =
        value(below, left) -
        value(above, left) +
        value(below, right) -
        value(above, right) +
        2 * (value(below, x) - value(above, x));
      const at = y * width + x;
      across[at] = dx;
      down[at] = dy;
      size[at] = Math.abs(dx) + Math.abs(dy);
    }
  }
  return { across, down, size };
}

/**
 * Edge structure similarity of the paper's first version (ESS), in levels of 255: mean difference of two maps of edges,
 * of which an edge has 255.
 */
export function ess(source: Uint8Array, edit: Uint8Array): number {
  let different = 0;
  for (let i = 0; i < source.length; i++) if (source[i] !== edit[i]) different += 1;
  return (255 * different) / source.length;
}
