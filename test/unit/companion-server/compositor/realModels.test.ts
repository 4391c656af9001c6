import { fastestArithmetic } from '@emoeditor/companion-server/compositor/fit/fastestArithmetic.ts';
import { fitEdit } from '@emoeditor/companion-server/compositor/fit/fitEdit.ts';
import { plainArithmetic } from '@emoeditor/companion-server/compositor/fit/plainArithmetic.ts';
import { gaussianRgb } from '@emoeditor/companion-server/compositor/planes.ts';
import { compositorOf } from '@emoeditor/companion-server/compositor/tile/tileCompositor.ts';
import { describe, expect, it } from 'vitest';
import {
  DOCUMENT,
  documentOf,
  grain,
  type Scene,
  tinted,
  WHOLE,
  WORKING,
  withDisc,
  workingEdit,
} from './scenes.ts';

/** What models do that no synthetic edit does by itself: dark skies above bright things, and uneven paint everywhere. */

const lumaAt = (data: ArrayLike<number>, x: number, y: number) => {
  const at = (y * DOCUMENT.width + x) * 3;
  return 0.25 * data[at]! + 0.5 * data[at + 1]! + 0.25 * data[at + 2]!;
};

describe('a sky that becomes darker than the flowers below it', () => {
  /** 0 in the sky, 1 on the ground, with every brightness between at the horizon. */
  const ground = (v: number) => Math.min(1, Math.max(0, (v - 0.48) / 0.06));
  const meadow: Scene = (u, v) => {
    const flower = Math.max(0, Math.sin(u * 60) * Math.sin(v * 60));
    const value = 1 + ground(v) * (0.2 + 0.65 * flower - 1);
    return [value, value, 0.95 * value];
  };
  const night: Scene = (u, v) => {
    const [r, g, b] = meadow(u, v);
    const share = 0.3 + 0.6 * ground(v);
    return [r * share, g * share, Math.min(1, b * share + 0.1)];
  };

  it.each([
    ['the kernel', fastestArithmetic()],
    ['plain arithmetic', plainArithmetic],
  ] as const)('gets no bright outline by %s: the grade keeps the order of tones', (_, use) => {
    const fit = fitEdit(workingEdit(meadow, night), {}, use);
    const { data } = compositorOf(fit).apply(documentOf(meadow), WHOLE, { intensity: 1 });
    const sky = lumaAt(data, DOCUMENT.width / 2, 100);
    const [first, last] = [0.465, 0.51].map((v) => Math.floor(v * DOCUMENT.height)) as [
      number,
      number,
    ];
    for (let y = first; y < last; y++) {
      for (let x = 20; x < DOCUMENT.width - 20; x++) {
        const rise = lumaAt(data, x, y) - sky;
        if (rise > 20) expect.fail(`an outline ${rise} levels above the sky at ${x}, ${y}`);
      }
    }
  });
});

describe('a model that paints unevenly everywhere', () => {
  const plain: Scene = (u, v) => [0.5 + 0.2 * v, 0.55 + 0.2 * v, 0.6 + 0.1 * u];
  const look = tinted(plain, [0.7, 0.8, 1], [0, 0, 0.1]);
  const { width, height } = WORKING;

  /** Soft patches of a few working pixels, of their own in every channel. */
  function uneven(edit: Float32Array, deviation: number): Float32Array {
    const noise = gaussianRgb(
      Float32Array.from({ length: edit.length }, (_, i) => grain(i, 77)),
      WORKING,
      2,
      plainArithmetic,
    );
    const scale = deviation / Math.sqrt(noise.reduce((sum, n) => sum + n * n, 0) / noise.length);
    return edit.map((value, i) => Math.min(1, Math.max(0, value + scale * noise[i]!)));
  }

  const edit = workingEdit(plain, look);
  const patched = { ...edit, decodedEdit: uneven(edit.decodedEdit, 0.12) };
  const page = documentOf(plain);

  it('leaves no patch of it in the photograph', () => {
    const { data } = compositorOf(fitEdit(patched)).apply(page, WHOLE, { intensity: 1 });
    const wanted = documentOf(look).data;
    let squares = 0;
    let worst = 0;
    for (let i = 0; i < data.length; i++) {
      const error = Math.abs(data[i]! - wanted[i]!);
      squares += error * error;
      worst = Math.max(worst, error);
    }
    // The paint itself is off by 31 levels on average and by more than 100 at its worst.
    expect(Math.sqrt(squares / data.length)).toBeLessThan(9);
    expect(worst).toBeLessThan(30);
  });

  it('still paints what it means', () => {
    const disc = withDisc(look, [0.5, 0.5], 0.12, [1, 0.9, 0.2]);
    const meant = workingEdit(plain, disc);
    const both = { ...meant, decodedEdit: uneven(meant.decodedEdit, 0.03) };
    const { data } = compositorOf(fitEdit(both)).apply(page, WHOLE, { intensity: 1 });
    const at = ((height / 2) * 6 * DOCUMENT.width + (width / 2) * 6) * 3;
    for (const [k, value] of [1, 0.9, 0.2].entries()) {
      expect(Math.abs(data[at + k]! - 255 * value)).toBeLessThan(40);
    }
  });
});
