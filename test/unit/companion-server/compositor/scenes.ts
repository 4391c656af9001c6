import type { WorkingEdit } from '@emoeditor/companion-server/compositor/compositor.ts';
import { type Extent, type PixelBuffer, type PixelFormat, SRGB_PROFILE } from '@emoeditor/shared';

/** Colour in [0, 1] at a position in [0, 1)². */
export type Scene = (u: number, v: number) => readonly [number, number, number];

/** The size ratio of document and working size in these tests. */
export const SCALE = 6;
export const WORKING: Extent = { width: 96, height: 64 };
export const DOCUMENT: Extent = { width: WORKING.width * SCALE, height: WORKING.height * SCALE };

/** Deterministic noise in [-0.5, 0.5] by integer position. */
export function grain(x: number, y: number): number {
  let h = Math.imul(x, 374761393) + Math.imul(y, 668265263);
  h = Math.imul(h ^ (h >>> 13), 1274126177);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32 - 0.5;
}

/** Ground below a sky with a hard, slanted horizon, hills of mid-size structure, and fine texture on the ground. */
export const landscape: Scene = (u, v) => {
  const horizon = 0.45 + 0.1 * Math.sin(u * 5);
  if (v < horizon) return [0.55 + 0.2 * v, 0.65 + 0.2 * v, 0.85];
  const hill = 0.3 + 0.12 * Math.sin(u * 40) * Math.cos(v * 30);
  const texture = 0.12 * grain(Math.floor(u * DOCUMENT.width), Math.floor(v * DOCUMENT.height));
  return [hill + texture, 0.9 * hill + 0.1 + texture, 0.5 * hill + texture];
};

/** Planar RGB of a scene at document size. */
export function planar(scene: Scene, { width, height }: Extent): Float32Array {
  const out = new Float32Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (const [k, value] of scene((x + 0.5) / width, (y + 0.5) / height).entries()) {
        out[(k * height + y) * width + x] = Math.min(1, Math.max(0, value));
      }
    }
  }
  return out;
}

/** Area average from document to working size. */
export function toWorking(full: Float32Array): Float32Array {
  const out = new Float32Array(3 * WORKING.width * WORKING.height);
  for (let k = 0; k < 3; k++) {
    for (let y = 0; y < DOCUMENT.height; y++) {
      for (let x = 0; x < DOCUMENT.width; x++) {
        const to =
          (k * WORKING.height + Math.floor(y / SCALE)) * WORKING.width + Math.floor(x / SCALE);
        out[to] = out[to]! + full[(k * DOCUMENT.height + y) * DOCUMENT.width + x]! / SCALE ** 2;
      }
    }
  }
  return out;
}

export function workingEdit(before: Scene, after: Scene): WorkingEdit {
  const source = toWorking(planar(before, DOCUMENT));
  return {
    extent: WORKING,
    source,
    decodedSource: source,
    decodedEdit: toWorking(planar(after, DOCUMENT)),
  };
}

const SAMPLES = { uint8: Uint8Array, uint16: Uint16Array, float32: Float32Array } as const;

/** A document of that scene; alpha, where there is one, is opaque. */
export function documentOf(
  scene: Scene,
  {
    sample = 'uint8',
    range = 255,
    channels = 3,
    profile = SRGB_PROFILE,
  }: Partial<PixelFormat> = {},
): PixelBuffer {
  const { width, height } = DOCUMENT;
  const full = planar(scene, DOCUMENT);
  const data = new SAMPLES[sample](width * height * channels);
  for (let i = 0; i < width * height; i++) {
    for (let k = 0; k < 3; k++) {
      const value = full[k * width * height + i]! * range;
      data[i * channels + k] = sample === 'float32' ? value : Math.round(value);
    }
    if (channels === 4) data[i * channels + 3] = range;
  }
  return { format: { width, height, channels, sample, range, profile }, data };
}

/** Cuts a tile out of a document. */
export function tileOf(
  { format, data }: PixelBuffer,
  left: number,
  top: number,
  width: number,
  height: number,
): PixelBuffer {
  const out = new SAMPLES[format.sample](width * height * format.channels);
  const row = width * format.channels;
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * format.width + left) * format.channels;
    out.set(data.subarray(from, from + row), y * row);
  }
  return { format: { ...format, width, height }, data: out };
}

export const WHOLE = {
  bounds: { left: 0, top: 0, ...DOCUMENT },
  extent: DOCUMENT,
} as const;

/** Multiplies and adds per channel: an edit that is pure grade. */
export function tinted(
  scene: Scene,
  gain: readonly [number, number, number],
  lift: readonly [number, number, number],
): Scene {
  return (u, v) => {
    const [r, g, b] = scene(u, v);
    return [r * gain[0] + lift[0], g * gain[1] + lift[1], b * gain[2] + lift[2]];
  };
}

/** Puts a flat disc into a scene; centre and radius in shares of the width. */
export function withDisc(
  scene: Scene,
  centre: readonly [number, number],
  radius: number,
  color: readonly [number, number, number],
): Scene {
  const aspect = DOCUMENT.height / DOCUMENT.width;
  return (u, v) =>
    Math.hypot(u - centre[0], (v - centre[1]) * aspect) < radius ? color : scene(u, v);
}

/** Variance of the Laplacian of the green channel inside a rectangle: how sharp the texture is. */
export function sharpness(
  { format, data }: PixelBuffer,
  left: number,
  top: number,
  width: number,
  height: number,
): number {
  const { channels, width: stride } = format;
  const at = (x: number, y: number) => data[(y * stride + x) * channels + 1]!;
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (let y = top + 1; y < top + height - 1; y++) {
    for (let x = left + 1; x < left + width - 1; x++) {
      const laplacian = at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1) - 4 * at(x, y);
      sum += laplacian;
      squares += laplacian * laplacian;
      count++;
    }
  }
  return squares / count - (sum / count) ** 2;
}
