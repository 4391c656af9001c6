import type { Extent } from '@emoeditor/shared';
import { meanOf, type Plane } from '../../compositor/planes.ts';

/** Maps of a scene, each 0 … 1 per pixel. */
export const SCENE_MAPS = [
  /** Open sky, with clouds, sun, moon and what fills the air. */
  'sky',
  /** Soil, sand, rock, snow, roads, floors. */
  'ground',
  /** Sea, lakes, rivers, and what is mirrored in them. */
  'water',
  'vegetation',
  /** Houses, bridges, walls; indoors the walls and the ceiling. */
  'building',
  'person',
  /** Around the faces that were found, soft at their rims. */
  'face',
  /** Persons, animals and things: what a picture may be about. */
  'subject',
  /** How far away: 0 the nearest there is, 1 the sky. An order, not a distance. */
  'depth',
  /** Lamps, lit windows and other bright compact spots. */
  'lights',
] as const;
export type SceneMapName = (typeof SCENE_MAPS)[number];

/** A face, in shares of the picture's width and height. */
export interface Face {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** 0 … 1, as the detector says. */
  readonly score: number;
  /** Eyes, nose, mouth and ears: right eye, left eye, nose, mouth, right ear, left ear, as the person has them. */
  readonly marks: readonly (readonly [x: number, y: number])[];
}

/** Where the far edge of a plane of ground or water lies: a straight line across the picture. */
export interface Horizon {
  /** Heights at the left and the right border in shares of the picture's height, 0 at the top. */
  readonly left: number;
  readonly right: number;
  readonly confidence: number;
}

/** What a picture shows, at the size that it was read at. */
export interface SceneMaps {
  readonly extent: Extent;
  readonly planes: Readonly<Record<SceneMapName, Plane>>;
  /** How sure each map is, 0 … 1: what that means is measured in docs/scenes.md. 0 for a map that is empty. */
  readonly confidence: Readonly<Record<SceneMapName, number>>;
  /** Null where no horizon can be told. */
  readonly horizon: Horizon | null;
  /** Strongest first. */
  readonly faces: readonly Face[];
  /** Luma of the picture that was read: what the maps' edges follow, [H · W]. */
  readonly guide: Plane;
}

/** Share of the picture that a map takes. */
export const shareOf = (plane: Plane): number => meanOf(plane);
