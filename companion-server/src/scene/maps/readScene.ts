import type { Extent } from '@emoeditor/shared';
import { lumaPlane, type Plane } from '../../compositor/planes.ts';
import { resizeBilinear } from '../../tensor/resizeBilinear.ts';
import { type Tensor, tensor } from '../../tensor/tensor.ts';
import { planesOfBytes } from '../../tensor/tensorKernel.ts';
import { type ClassPlanes, classPlanes, followingEdges } from './classPlanes.ts';
import { depthPlane } from './depthPlane.ts';
import { findFaces } from './faces.ts';
import { findHorizon } from './horizon.ts';
import { lightsPlane } from './lightsPlane.ts';
import { facePlane, personPlane } from './people.ts';
import type { Face, SceneMapName, SceneMaps } from './sceneMaps.ts';
import type { SceneNetworks } from './sceneNetworks.ts';

/** An 8-bit sRGB picture, interleaved RGB. */
export interface ScenePicture extends Extent {
  readonly rgb: Uint8Array;
}

/** Pixels of the picture that is read: about as many as the networks resolve. More would only be slower. */
export const SCENE_AREA = 320 * 320;
/** Side of the square that selfie segmentation takes. */
const FOREGROUND_SIDE = 256;

/**
 * Reads what a picture shows.
 * @param picture at working size, about SCENE_AREA pixels; the maps have its size
 * @throws the networks' errors, the signal's reason
 */
export async function readScene(
  picture: ScenePicture,
  networks: SceneNetworks,
  signal: AbortSignal = new AbortController().signal,
): Promise<SceneMaps> {
  const { width, height } = picture;
  const extent = { width, height };
  const image = tensor(planesOfBytes(picture.rgb), [1, 3, height, width]);
  const guide = lumaPlane(image.data);
  const classes = await classPlanes(image, guide, networks);
  signal.throwIfAborted();
  const faces = await findFaces(image, networks);
  const foreground = await foregroundPlane(image, guide, networks);
  signal.throwIfAborted();
  const { sky, ground, water, vegetation, building } = classes;
  const person = personPlane(classes.person, foreground, faces, extent);
  const planes = {
    ...{ sky, ground, water, vegetation, building, person },
    face: facePlane(faces, extent),
    subject: subjectPlane(classes, person),
    depth: depthPlane(image.data, guide, classes, foreground, extent),
    lights: lightsPlane(image.data, classes, extent),
  };
  return {
    extent,
    planes,
    confidence: confidences(planes, faces),
    horizon: findHorizon(classes, extent),
    faces,
    guide,
  };
}

async function foregroundPlane(
  image: Tensor,
  guide: Plane,
  networks: SceneNetworks,
): Promise<Plane> {
  const [, , height = 0, width = 0] = image.dims;
  const squashed = resizeBilinear(image, FOREGROUND_SIDE, FOREGROUND_SIDE);
  const seen = resizeBilinear(await networks.foreground(squashed), width, height);
  return followingEdges(guide, seen.data, { width, height });
}

/** Persons and things; what selfie segmentation adds to persons is taken from whatever was there. */
const subjectPlane = ({ person: said, other }: ClassPlanes, person: Plane): Plane =>
  person.map((value, i) =>
    Math.min(1, Math.max(value, (said[i] as number) + (other[i] as number))),
  );

/**
 * How sure a map is: the mean of its values, weighted by themselves. A map whose values are all 0.5 is unsure, whatever
 * its size.
 */
function confidences(
  planes: Readonly<Record<SceneMapName, Plane>>,
  faces: readonly Face[],
): Record<SceneMapName, number> {
  const entries = Object.entries(planes).map(([name, plane]) => [name, sureness(plane)]);
  return { ...Object.fromEntries(entries), face: faces[0]?.score ?? 0 };
}

/** Least share of the picture that a map must cover; below, its confidence is 0. */
const THERE = 1e-3;

function sureness(plane: Plane): number {
  let [sum, squares] = [0, 0];
  for (const value of plane) {
    sum += value;
    squares += value * value;
  }
  return sum < THERE * plane.length ? 0 : squares / sum;
}
