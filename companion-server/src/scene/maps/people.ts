import type { Extent } from '@emoeditor/shared';
import { type Plane, smoothstep } from '../../compositor/planes.ts';
import type { Face } from './sceneMaps.ts';

/** Size of a face's ellipse relative to its box: the detector's box ends at the brows. */
const WIDER = 1.15;
const TALLER = 1.45;
/** Share of the box's height by which the ellipse lies above it. */
const RAISED = 0.12;
/** Relative radius at which the ellipse begins to fade; it ends at 2 − FADE. */
const FADE = 0.75;
/** Least foreground value of a pixel that belongs to the body of a face. */
const BODY = 0.5;

/** Soft ellipses around faces. */
export function facePlane(faces: readonly Face[], { width, height }: Extent): Plane {
  const plane = new Float32Array(width * height);
  for (const face of faces) {
    const x0 = (face.left + face.width / 2) * width;
    const y0 = (face.top + face.height * (0.5 - RAISED)) * height;
    const [rx, ry] = [(face.width * width * WIDER) / 2, (face.height * height * TALLER) / 2];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const distance = Math.hypot((x + 0.5 - x0) / rx, (y + 0.5 - y0) / ry);
        const value = 1 - smoothstep(FADE, 2 - FADE, distance);
        const at = y * width + x;
        plane[at] = Math.max(plane[at] as number, value);
      }
    }
  }
  return plane;
}

/**
 * Persons: where the network sees them, and where selfie segmentation cuts out the body of a detected face. Without a
 * face the latter is not used: it marks animals and things just as readily.
 * @param said the network's shares
 */
export function personPlane(
  said: Plane,
  foreground: Plane,
  faces: readonly Face[],
  extent: Extent,
): Plane {
  const bodies = bodiesOf(foreground, faces, extent);
  return said.map((value, i) => Math.max(value, bodies[i] ? (foreground[i] as number) : 0));
}

/** 1 where the foreground is connected to the middle of a face. */
function bodiesOf(
  foreground: Plane,
  faces: readonly Face[],
  { width, height }: Extent,
): Uint8Array {
  const found = new Uint8Array(foreground.length);
  const open: number[] = [];
  const visit = (x: number, y: number) => {
    const at = y * width + x;
    if (x < 0 || y < 0 || x >= width || y >= height || found[at] === 1) return;
    if ((foreground[at] as number) < BODY) return;
    found[at] = 1;
    open.push(at);
  };
  for (const face of faces) {
    visit(
      Math.floor((face.left + face.width / 2) * width),
      Math.floor((face.top + face.height / 2) * height),
    );
  }
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const [x, y] = [at % width, Math.floor(at / width)];
    visit(x - 1, y);
    visit(x + 1, y);
    visit(x, y - 1);
    visit(x, y + 1);
  }
  return found;
}
