import { resizeBilinear } from '../../tensor/resizeBilinear.ts';
import { type Tensor, tensor } from '../../tensor/tensor.ts';
import type { Face } from './sceneMaps.ts';
import type { SceneNetworks } from './sceneNetworks.ts';

/** Input of MediaPipe's full-range detector, and its anchors: one at the centre of every 4 × 4 cell. */
const SIDE = 192;
const CELLS = 48;
const VALUES = 16;
const MARKS = 6;
/** MediaPipe's own threshold is 0.5; on 670 photographs 0.6 calls a face in 2 to 3 % of those without persons. */
const LEAST_SCORE = 0.6;
const OVERLAP = 0.3;

/** Faces of a picture [1, 3, H, W] in [0, 1], strongest first. */
export async function findFaces(image: Tensor, networks: SceneNetworks): Promise<Face[]> {
  const framed = letterbox(image);
  const { boxes, scores } = await networks.faces(framed.input);
  const found: Face[] = [];
  for (let anchor = 0; anchor < CELLS * CELLS; anchor++) {
    const score = 1 / (1 + Math.exp(-(scores.data[anchor] as number)));
    if (score < LEAST_SCORE) continue;
    const row = boxes.data.subarray(anchor * VALUES, (anchor + 1) * VALUES);
    found.push(faceAt(row, anchor, score, framed));
  }
  found.sort((a, b) => b.score - a.score);
  return suppressed(found);
}

/** Where the picture lies in the square: its corner and its size in shares of the square. */
interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The picture in the middle of a black square, its aspect kept, in [−1, 1]. */
function letterbox(image: Tensor): Frame & { readonly input: Tensor } {
  const [, , h = 0, w = 0] = image.dims;
  const scale = SIDE / Math.max(w, h);
  const [width, height] = [w, h].map((side) => Math.max(1, Math.round(side * scale))) as [
    number,
    number,
  ];
  const small = resizeBilinear(image, width, height);
  const [left, top] = [(SIDE - width) >> 1, (SIDE - height) >> 1];
  const data = new Float32Array(3 * SIDE * SIDE).fill(-1);
  for (let k = 0; k < 3; k++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const value = small.data[(k * height + y) * width + x] as number;
        data[(k * SIDE + top + y) * SIDE + left + x] = 2 * value - 1;
      }
    }
  }
  return {
    input: tensor(data, [1, 3, SIDE, SIDE]),
    left: left / SIDE,
    top: top / SIDE,
    width: width / SIDE,
    height: height / SIDE,
  };
}

function faceAt(row: Float32Array, anchor: number, score: number, frame: Frame): Face {
  const centre = [((anchor % CELLS) + 0.5) / CELLS, (Math.floor(anchor / CELLS) + 0.5) / CELLS];
  const at = (i: number, axis: 0 | 1) => (row[i] as number) / SIDE + (centre[axis] as number);
  const x = (value: number) => (value - frame.left) / frame.width;
  const y = (value: number) => (value - frame.top) / frame.height;
  const [width, height] = [(row[2] as number) / SIDE, (row[3] as number) / SIDE];
  return {
    left: x(at(0, 0) - width / 2),
    top: y(at(1, 1) - height / 2),
    width: width / frame.width,
    height: height / frame.height,
    score,
    marks: Array.from(
      { length: MARKS },
      (_, k) => [x(at(4 + 2 * k, 0)), y(at(5 + 2 * k, 1))] as const,
    ),
  };
}

/** The strongest of those that overlap. */
function suppressed(faces: readonly Face[]): Face[] {
  const chosen: Face[] = [];
  for (const face of faces) {
    if (chosen.every((other) => overlap(face, other) < OVERLAP)) chosen.push(face);
  }
  return chosen;
}

/** Intersection over union. */
function overlap(a: Face, b: Face): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  const both = Math.max(0, width) * Math.max(0, height);
  return both / (a.width * a.height + b.width * b.height - both);
}
