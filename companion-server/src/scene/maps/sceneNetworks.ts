import type { Tensor } from '../../tensor/tensor.ts';

/** The classes that each place is divided among, in the order of the network's output. */
export const SCENE_CLASSES = [
  'sky',
  'ground',
  'water',
  'vegetation',
  'building',
  'person',
  'other',
  'backdrop',
] as const;
export type SceneClass = (typeof SCENE_CLASSES)[number];

/** Port: the networks that look at a scene. */
export interface SceneNetworks {
  /** Side of the square that `classes` takes. */
  readonly side: number;
  /** Pictures [n, 3, side, side] in [0, 1] → shares of SCENE_CLASSES [n, 8, side/4, side/4]. */
  classes(image: Tensor): Promise<Tensor>;
  /**
   * MediaPipe's full-range detector: a picture [1, 3, 192, 192] in [−1, 1] → per anchor the box and six marks relative
   * to its centre in pixels [1, 2304, 16], and how sure it is as a logit [1, 2304, 1].
   */
  faces(image: Tensor): Promise<{ readonly boxes: Tensor; readonly scores: Tensor }>;
  /** MediaPipe's selfie segmentation: a picture [1, 3, 256, 256] in [0, 1] → how much each pixel is in front [1, 1, 256, 256]. */
  foreground(image: Tensor): Promise<Tensor>;
}
