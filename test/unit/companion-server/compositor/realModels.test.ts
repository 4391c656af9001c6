import { plainArithmetic } from '@emoeditor/companion-server/compositor/fitArithmetic.ts';
import { fitEdit } from '@emoeditor/companion-server/compositor/fitEdit.ts';
import { gaussianRgb } from '@emoeditor/companion-server/compositor/planes.ts';
import { compositorOf } from '@emoeditor/companion-server/compositor/tileCompositor.ts';
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

/** What models do that no synthetic edit does by itself: edges that come back brighter, and uneven paint everywhere. */

const lumaAt = (data: ArrayLike<number>, x: number, y: number) => {
  const at = (y * DOCUMENT.width + x) * 3;
  return 0.25 * data[at]! + 0.5 * data[at + 1]! + 0.25 * data[at + 2]!;
};

describe('a sky that becomes darker than its own edge', () => {
  /** From a white sky to a dark ground through every brightness between, over a fifth of the height. */
  const share = (v: number) => Math.min(1, Math.max(0, (v - 0.4) / 0.2));
  const glow: Scene = (_u, v) => {
    const t = share(v);
    return [1 - 0.7 * t, 1 - 0.75 * t, 1 - 0.85 * t];
  };
  const turned: Scene = (u, v) => {
    const t = share(v);
    // The sky goes to 0.45 and the ground to 0.1, but what lies between to 0.8.
    const rim = 0.8 * Math.sin(Math.PI * t) ** 2;
    const value = Math.max(rim, 0.45 - 0.35 * t) + 0.01 * Math.sin(u * 20);
    return [value, 0.9 * value, 0.8 * value];
  };

  it('gets no bright outline: the grade keeps the order of tones', () => {
    const page = documentOf(glow);
    const fit = fitEdit(workingEdit(glow, turned));
    const { data } = compositorOf(fit).apply(page, WHOLE, { intensity: 1, part: 'grade' });
    const x = DOCUMENT.width / 2;
    const sky = lumaAt(data, x, Math.floor(0.38 * DOCUMENT.height));
    for (let y = Math.floor(0.38 * DOCUMENT.height); y < 0.62 * DOCUMENT.height; y++) {
      const rise = lumaAt(data, x, y) - sky;
      if (rise > 10) expect.fail(`an outline ${rise} levels brighter than the sky at row ${y}`);
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
  const patched = { ...edit, decodedEdit: uneven(edit.decodedEdit, 0.06) };
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
    // The paint itself is off by 15 levels on average and by 60 at its worst.
    expect(Math.sqrt(squares / data.length)).toBeLessThan(6);
    expect(worst).toBeLessThan(24);
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
