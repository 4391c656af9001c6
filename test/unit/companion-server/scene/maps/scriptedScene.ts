import {
  SCENE_CLASSES,
  type SceneClass,
  type SceneNetworks,
} from '@emoeditor/companion-server/scene/maps/sceneNetworks.ts';
import { tensor } from '@emoeditor/companion-server/tensor/tensor.ts';

const SIDE = 64;
const CELLS = SIDE / 4;
const ANCHORS = 48;

export interface Script {
  /** Class of a place, x and y in shares of the picture. */
  readonly classAt: (x: number, y: number) => SceneClass;
  /** How sure the network is of it. */
  readonly sure?: number;
  /** Faces by anchor column and row: box and marks relative to the anchor in pixels of 192. */
  readonly faces?: readonly { column: number; row: number; logit: number; box: number[] }[];
  readonly foregroundAt?: (x: number, y: number) => number;
}

/** Networks that say what a test wants. The second row of the classes is the mirror image, as it would be. */
export function scriptedScene({
  classAt,
  sure = 1,
  faces = [],
  foregroundAt = () => 0,
}: Script): SceneNetworks {
  return {
    side: SIDE,
    async classes({ dims }) {
      const rows = dims[0] ?? 1;
      const kinds = SCENE_CLASSES.length;
      const data = new Float32Array(rows * kinds * CELLS * CELLS).fill((1 - sure) / (kinds - 1));
      for (let n = 0; n < rows; n++) {
        for (let i = 0; i < CELLS * CELLS; i++) {
          const x = ((i % CELLS) + 0.5) / CELLS;
          const found = classAt(n === 1 ? 1 - x : x, (Math.floor(i / CELLS) + 0.5) / CELLS);
          data[(n * kinds + SCENE_CLASSES.indexOf(found)) * CELLS * CELLS + i] = sure;
        }
      }
      return tensor(data, [rows, kinds, CELLS, CELLS]);
    },
    async faces() {
      const boxes = new Float32Array(ANCHORS * ANCHORS * 16);
      const scores = new Float32Array(ANCHORS * ANCHORS).fill(-9);
      for (const { column, row, logit, box } of faces) {
        boxes.set(box, (row * ANCHORS + column) * 16);
        scores[row * ANCHORS + column] = logit;
      }
      return {
        boxes: tensor(boxes, [1, ANCHORS * ANCHORS, 16]),
        scores: tensor(scores, [1, ANCHORS * ANCHORS, 1]),
      };
    },
    async foreground() {
      const data = Float32Array.from({ length: 256 * 256 }, (_, i) =>
        foregroundAt(((i % 256) + 0.5) / 256, (Math.floor(i / 256) + 0.5) / 256),
      );
      return tensor(data, [1, 1, 256, 256]);
    },
  };
}
