import { createCompositor } from '@emoeditor/companion-server/compositor/tile/tileCompositor.ts';
import type { PixelBuffer } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';
import {
  DOCUMENT,
  documentOf,
  grain,
  landscape,
  type Scene,
  sharpness,
  toWorking,
  WHOLE,
  WORKING,
  withDisc,
} from '../unit/companion-server/compositor/scenes.ts';

const EDITS = 20;
/** A cell of the grid is an eighth of this picture wide, and takes part of what its third neighbour shows. */
const REACH = 4 / 8;
const GROUND = [0, 230, DOCUMENT.width, DOCUMENT.height - 230] as const;

/** Planar RGB in [0, 1] of a document of 3 channels. */
function planarOf({ format, data }: PixelBuffer): Float32Array {
  const pixels = format.width * format.height;
  const out = new Float32Array(3 * pixels);
  for (let i = 0; i < pixels; i++) {
    for (let k = 0; k < 3; k++) out[k * pixels + i] = data[i * 3 + k]! / format.range;
  }
  return out;
}

/** What an autoencoder gives back: a little noise on every sample, other noise at every turn. */
function decoded(picture: Float32Array, turn: number): Float32Array {
  return picture.map((value, i) => Math.min(1, Math.max(0, value + 0.01 * grain(i, turn))));
}

/** Edits a document over and over, each edit starting from what the one before left. */
function chain(
  page: PixelBuffer,
  targets: readonly ((u: number, v: number, rgb: readonly number[]) => readonly number[])[],
  noise: boolean,
): PixelBuffer {
  const { width, height } = WORKING;
  let current = page;
  for (let turn = 0; turn < EDITS; turn++) {
    const target = targets[turn % targets.length]!;
    const source = toWorking(planarOf(current));
    const edit = source.slice();
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const at = y * width + x;
        const rgb = [0, 1, 2].map((k) => source[k * width * height + at]!);
        const wanted = target((x + 0.5) / width, (y + 0.5) / height, rgb);
        for (const [k, value] of wanted.entries()) edit[k * width * height + at] = value;
      }
    }
    const compositor = createCompositor({
      extent: WORKING,
      source,
      decodedSource: noise ? decoded(source, 2 * turn) : source,
      decodedEdit: noise ? decoded(edit, 2 * turn + 1) : edit,
    });
    current = compositor.apply(current, WHOLE, { intensity: 1 });
  }
  return current;
}

/** Puts a disc into the picture and leaves the rest as it is. */
const disc =
  (centre: readonly [number, number], color: readonly [number, number, number]) =>
  (u: number, v: number, rgb: readonly number[]) =>
    withDisc(() => rgb as ReturnType<Scene>, centre, 0.06, color)(u, v);

describe.each([
  { sample: 'uint8', range: 255 },
  { sample: 'uint16', range: 32768 },
] as const)(`${EDITS} edits of one layer of $sample`, (format) => {
  const page = documentOf(landscape, { ...format, channels: 3 });

  it('leave every bit alone outside what they paint', () => {
    const painted = chain(
      page,
      [disc([0.2, 0.7], [0.9, 0.1, 0.1]), disc([0.2, 0.75], [0.1, 0.2, 0.9])],
      false,
    );
    let inside = 0;
    for (let y = 0; y < DOCUMENT.height; y++) {
      for (let x = 0; x < DOCUMENT.width; x++) {
        for (let k = 0; k < 3; k++) {
          const at = (y * DOCUMENT.width + x) * 3 + k;
          if (painted.data[at] === page.data[at]) continue;
          inside++;
          if (x > (0.2 + REACH) * DOCUMENT.width) expect.fail(`changed at ${x}, ${y}`);
        }
      }
    }
    expect(inside).toBeGreaterThan(1000);
  });

  it('keep the texture that none of them grades as sharp as it was', () => {
    const sky =
      (gain: readonly [number, number, number]) =>
      (_u: number, v: number, rgb: readonly number[]) =>
        v < 0.3 ? rgb.map((value, k) => Math.min(1, value * gain[k]!)) : rgb;
    const dusk = sky([1.15, 0.9, 0.7]);
    const noon = sky([1 / 1.15, 1 / 0.9, 1 / 0.7]);
    const result = chain(page, [dusk, noon], true);
    const ratio = sharpness(result, ...GROUND) / sharpness(page, ...GROUND);
    expect(ratio).toBeGreaterThan(0.95);
    expect(ratio).toBeLessThan(1.05);
  });
});
