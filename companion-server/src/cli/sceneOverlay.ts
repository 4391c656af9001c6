import { type PixelBuffer, SRGB_PROFILE } from '@emoeditor/shared';
import type { ScenePicture } from '../scene/maps/readScene.ts';
import type { SceneMapName, SceneMaps } from '../scene/maps/sceneMaps.ts';

/** Colours of the maps in sRGB: those of the hand labels. */
const COLOURS = {
  sky: [90, 170, 255],
  ground: [190, 120, 50],
  water: [20, 50, 220],
  vegetation: [20, 160, 40],
  building: [240, 210, 30],
  subject: [150, 60, 230],
  person: [250, 60, 170],
} as const satisfies Partial<Record<SceneMapName, readonly number[]>>;
const TINT = 0.5;
const HORIZON = [255, 0, 0] as const;
const FACE = [255, 255, 255] as const;
const LIGHT = [255, 150, 0] as const;
const SCALE = 2;

/**
 * Three pictures side by side, twice the maps' size: the photograph; the maps in colours with the horizon red and faces
 * white; depth in grey, black far, with lights in orange.
 */
export function overlayOf(picture: ScenePicture, maps: SceneMaps): PixelBuffer {
  const { width, height } = picture;
  const panels = [picture.rgb.slice(), inColours(picture, maps), ofDepth(maps)];
  draw(panels[1] as Uint8Array, maps);
  const wide = width * SCALE * panels.length;
  const data = new Uint8Array(wide * height * SCALE * 3);
  for (let y = 0; y < height * SCALE; y++) {
    for (let x = 0; x < wide; x++) {
      const panel = panels[Math.floor(x / (width * SCALE))] as Uint8Array;
      const column = Math.floor((x % (width * SCALE)) / SCALE);
      const from = (Math.floor(y / SCALE) * width + column) * 3;
      data.set(panel.subarray(from, from + 3), (y * wide + x) * 3);
    }
  }
  return {
    format: {
      ...{ width: wide, height: height * SCALE, channels: 3, sample: 'uint8', range: 255 },
      profile: SRGB_PROFILE,
    },
    data,
  };
}

/** Interleaved bytes → planar [3, n] in [0, 1]. */
export function planar(rgb: Uint8Array): Float32Array {
  const count = rgb.length / 3;
  return Float32Array.from(
    { length: rgb.length },
    (_, i) => (rgb[(i % count) * 3 + Math.floor(i / count)] as number) / 255,
  );
}

/** Persons are painted over the subject that they are part of. */
function inColours({ rgb }: ScenePicture, { planes }: SceneMaps): Uint8Array {
  const out = rgb.slice();
  for (const name of Object.keys(COLOURS) as (keyof typeof COLOURS)[]) {
    const colour = COLOURS[name];
    for (const [i, share] of planes[name].entries()) {
      for (let k = 0; k < 3; k++) {
        const value = out[i * 3 + k] as number;
        const tinted = (1 - TINT) * (rgb[i * 3 + k] as number) + TINT * (colour[k] as number);
        out[i * 3 + k] = Math.round(value + share * (tinted - value));
      }
    }
  }
  return out;
}

function ofDepth({ planes }: SceneMaps): Uint8Array {
  const out = new Uint8Array(planes.depth.length * 3);
  for (const [i, far] of planes.depth.entries()) {
    const light = planes.lights[i] as number;
    for (let k = 0; k < 3; k++) {
      const grey = 255 * (1 - far);
      out[i * 3 + k] = Math.round(grey + light * ((LIGHT[k] as number) - grey));
    }
  }
  return out;
}

/** Horizon and boxes of faces. */
function draw(rgb: Uint8Array, { extent, horizon, faces }: SceneMaps): void {
  const { width, height } = extent;
  const put = (x: number, y: number, colour: readonly number[]) => {
    const [column, row] = [Math.round(x * width), Math.round(y * height)];
    if (column < 0 || row < 0 || column >= width || row >= height) return;
    rgb.set(colour, (row * width + column) * 3);
  };
  for (let x = 0; horizon !== null && x < width; x++) {
    const share = x / width;
    put(share, horizon.left + share * (horizon.right - horizon.left), HORIZON);
  }
  for (const face of faces) {
    for (let i = 0; i <= width; i++) {
      const share = i / width;
      for (const y of [face.top, face.top + face.height]) {
        put(face.left + share * face.width, y, FACE);
      }
      for (const x of [face.left, face.left + face.width]) {
        put(x, face.top + share * face.height, FACE);
      }
    }
  }
}
