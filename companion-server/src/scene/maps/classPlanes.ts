import type { Extent } from '@emoeditor/shared';
import { fastestArithmetic } from '../../compositor/fit/fastestArithmetic.ts';
import { guidedCoefficients, type Plane } from '../../compositor/planes.ts';
import { resizeBilinear } from '../../tensor/resizeBilinear.ts';
import { type Tensor, tensor } from '../../tensor/tensor.ts';
import { SCENE_CLASSES, type SceneClass, type SceneNetworks } from './sceneNetworks.ts';

export type ClassPlanes = Readonly<Record<SceneClass, Plane>>;

/** Window and smoothness of the guided filter that moves the borders of the network's cells to the picture's edges. */
const RADIUS = 5;
const EPSILON = 1.5e-3;

/**
 * What each pixel shows, as shares of the classes that sum to 1: mean of the network's answers for the picture and for
 * its mirror image.
 * @param image [1, 3, H, W] in [0, 1]
 * @param guide luma of the image
 */
export async function classPlanes(
  image: Tensor,
  guide: Plane,
  networks: SceneNetworks,
): Promise<ClassPlanes> {
  const [, , height = 0, width = 0] = image.dims;
  const extent = { width, height };
  const squashed = resizeBilinear(image, networks.side, networks.side);
  const shares = await networks.classes(withMirror(squashed));
  const seen = resizeBilinear(meanWithMirror(shares), width, height);
  const pixels = width * height;
  const planes = SCENE_CLASSES.map((_, k) =>
    followingEdges(guide, seen.data.subarray(k * pixels, (k + 1) * pixels), extent),
  );
  normalise(planes);
  return Object.fromEntries(
    SCENE_CLASSES.map((name, k) => [name, planes[k]]),
  ) as unknown as ClassPlanes;
}

/** A map whose borders follow the edges of its picture, within 0 … 1. */
export function followingEdges(
  guide: Plane,
  plane: Plane,
  extent: Extent,
  radius = RADIUS,
  epsilon = EPSILON,
): Plane {
  const { slope, offset } = guidedCoefficients(
    guide,
    plane,
    extent,
    radius,
    epsilon,
    fastestArithmetic(),
  );
  return plane.map((_, i) => {
    const value = (slope[i] as number) * (guide[i] as number) + (offset[i] as number);
    return Math.min(1, Math.max(0, value));
  });
}

/** [1, c, h, w] → [2, c, h, w]. */
function withMirror({ data, dims: [, c = 0, h = 0, w = 0] }: Tensor): Tensor {
  const both = new Float32Array(data.length * 2);
  both.set(data);
  both.set(mirrored(data, w), data.length);
  return tensor(both, [2, c, h, w]);
}

/** [2, c, h, w] → [1, c, h, w]: the first row, and the second turned back. */
function meanWithMirror({ data, dims: [, c = 0, h = 0, w = 0] }: Tensor): Tensor {
  const half = data.length / 2;
  const back = mirrored(data.subarray(half), w);
  return tensor(
    back.map((value, i) => (value + (data[i] as number)) / 2),
    [1, c, h, w],
  );
}

function mirrored(data: Float32Array, width: number): Float32Array {
  const out = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const x = i % width;
    out[i] = data[i - x + (width - 1 - x)] as number;
  }
  return out;
}

/** The filter leaves sums a little off 1. */
function normalise(planes: readonly Plane[]): void {
  const [first] = planes;
  for (let i = 0; i < (first?.length ?? 0); i++) {
    let sum = 0;
    for (const plane of planes) sum += plane[i] as number;
    for (const plane of planes) plane[i] = (plane[i] as number) / Math.max(sum, 1e-6);
  }
}
