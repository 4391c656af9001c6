import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  statisticsOf,
  transferColours,
} from '@emoeditor/companion-server/evaluation/methods/colourTransfer.ts';
import { canny, ess } from '@emoeditor/companion-server/evaluation/metrics/canny.ts';
import { changeOf, enrd, esmi } from '@emoeditor/companion-server/evaluation/metrics/esmi.ts';
import { psnr } from '@emoeditor/companion-server/evaluation/metrics/psnr.ts';
import { publishedSsim } from '@emoeditor/companion-server/evaluation/metrics/ssim.ts';
import { greyOf } from '@emoeditor/companion-server/evaluation/pictures/grey.ts';
import { resizePicture } from '@emoeditor/companion-server/imaging/resizePicture.ts';
import { describe, expect, it } from 'vitest';

/** What the published references compute; provenance stands in the file. */
const golden = JSON.parse(
  await readFile(join(import.meta.dirname, 'metrics/metrics.json'), 'utf8'),
);
const SIDE = 224;

/** The pictures of training/golden/metrics.py: waves, a sharp disc and noise. */
function picture(width: number, height: number, k: number) {
  const rgb = new Uint8Array(width * height * 3);
  let state = 1 + k;
  for (let i = 0; i < rgb.length; i++) {
    const [c, x, y] = [i % 3, Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    let value = 127 + 60 * Math.sin(x / (9 + 3 * c + k) + k) + 50 * Math.cos(y / (7 + 2 * c) - c);
    if ((x - width * 0.4) ** 2 + (y - height * 0.5) ** 2 < (height * 0.2) ** 2)
      value += 150 - 40 * k;
    state = Number((BigInt(state) * 1103515245n + 12345n) % 2n ** 31n);
    rgb[i] = Math.min(255, Math.max(0, Math.floor(value + 16 * (state / 2 ** 31 - 0.5) + 0.5)));
  }
  return { width, height, rgb };
}

const sum = (values: ArrayLike<number>) =>
  Array.from(values).reduce((total, one) => total + one, 0);
const greatest = (a: ArrayLike<number>, b: readonly number[]) =>
  Math.max(...b.map((value, i) => Math.abs(value - (a[i] as number))));

const [source, edit] = [picture(SIDE, SIDE, 0), picture(SIDE, SIDE, 1)];
const wide = picture(503, 331, 0);

describe('metrics as their published references compute them', () => {
  it('on the same pictures', () => {
    expect([sum(source.rgb), sum(edit.rgb), sum(wide.rgb)]).toEqual([
      ...[golden.pictures.source, golden.pictures.edit, golden.pictures.wide],
    ]);
  });

  it('luma of OpenCV and SSIM of scikit-image with a window of 51', () => {
    expect(sum(greyOf(source))).toBe(golden.grey);
    expect(publishedSsim(greyOf(source), greyOf(edit), SIDE)).toBeCloseTo(golden.ssim, 5);
  });

  it('PSNR, infinite for equal pictures', () => {
    expect(psnr(source.rgb, edit.rgb)).toBeCloseTo(golden.psnr, 9);
    expect(psnr(source.rgb, source.rgb)).toBe(Number.POSITIVE_INFINITY);
  });

  it('edges of OpenCV’s Canny, to the pixel, and their difference', () => {
    const edges = canny(greyOf(source), SIDE, SIDE);
    const rows = Array.from({ length: SIDE }, (_, y) =>
      sum(edges.subarray(y * SIDE, (y + 1) * SIDE)),
    );
    expect(rows).toEqual(golden.edges.rows);
    expect(ess(edges, canny(greyOf(edit), SIDE, SIDE))).toBeCloseTo(golden.ess, 9);
  });

  it('a picture squashed as Pillow does it', async () => {
    const { rgb } = await resizePicture(wide, { width: SIDE, height: SIDE });
    const row = rgb.subarray(100 * SIDE * 3, 101 * SIDE * 3);
    // Pillow rounds between the two directions.
    expect(greatest(row, golden.squashed.row)).toBeLessThanOrEqual(1);
    expect(Math.abs(sum(rgb) - golden.squashed.sum) / rgb.length).toBeLessThan(0.02);
  });

  it('ESMI and ENRD of the official script', () => {
    const region = new Uint8Array(SIDE * SIDE).map((_, i) =>
      ((i % SIDE) - 90) ** 2 + (Math.floor(i / SIDE) - 112) ** 2 < 60 ** 2 ? 1 : 0,
    );
    const change = changeOf(source.rgb, edit.rgb);
    const before = [0.3, 0.1, 0.05, 0.15, 0.1, 0.1, 0.12, 0.08];
    const after = [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.3, 0.1];
    expect(esmi(change, region, before, after, 6)).toBeCloseTo(golden.esmi, 9);
    expect(enrd(change, region)).toBeCloseTo(golden.enrd, 9);
    expect(esmi(changeOf(source.rgb, source.rgb), region, before, before, 6)).toBe(0);
  });

  it('Reinhard’s colour transfer', () => {
    const { rgb } = transferColours(source, statisticsOf(edit));
    const row = rgb.subarray(77 * SIDE * 3, 78 * SIDE * 3);
    expect(greatest(row, golden.transfer.row)).toBeLessThanOrEqual(1);
    expect(Math.abs(sum(rgb) - golden.transfer.sum) / rgb.length).toBeLessThan(0.001);
  });
});
