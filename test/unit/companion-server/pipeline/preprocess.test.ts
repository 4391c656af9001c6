import {
  imageOf,
  pictureOf,
  toWorkingSize,
} from '@emoeditor/companion-server/pipeline/preprocess.ts';
import { workingExtent } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';
import { photograph } from './editing.ts';

const rule = { workingArea: 256 * 256, sizeMultiple: 32 };
const asked: string[] = [];
const resize = async (_: unknown, { width, height }: { width: number; height: number }) => {
  asked.push(`${width}x${height}`);
  return { width, height, rgb: new Uint8Array(width * height * 3) };
};

describe('working size', () => {
  it.each([
    [4000, 3000, 288, 224],
    [3000, 4000, 224, 288],
    [256, 256, 256, 256],
    [1, 1, 256, 256],
    [60000, 10, 512, 128],
    [10, 60000, 128, 512],
  ])('of %i × %i is %i × %i', (width, height, w, h) => {
    expect(workingExtent({ width, height }, 256 * 256, 32)).toEqual({ width: w, height: h });
  });

  it('is a multiple near the area for every shape, so that its own proxy is never scaled twice', async () => {
    for (let width = 1; width < 3000; width += 37) {
      for (let height = 1; height < 3000; height += 41) {
        const extent = workingExtent({ width, height }, rule.workingArea, rule.sizeMultiple);
        const picture = { ...extent, rgb: new Uint8Array(extent.width * extent.height * 3) };
        expect(await toWorkingSize(picture, rule, resize)).toBe(picture);
      }
    }
    expect(asked).toEqual([]);
  });

  it.each([
    [250, 256],
    [512, 512],
    [64, 64],
  ])('%i × %i is scaled', async (width, height) => {
    const scaled = await toWorkingSize(photograph(width, height), rule, resize);
    expect(asked.pop()).toBe(`${scaled.width}x${scaled.height}`);
    expect(scaled.width * scaled.height).toBe(256 * 256);
  });
});

describe('pixels', () => {
  it('go to planes and back unchanged', () => {
    const picture = photograph(5, 3);
    const image = imageOf(picture);
    expect(image.dims).toEqual([1, 3, 3, 5]);
    expect(image.data[15]).toBeCloseTo(picture.rgb[1]! / 255, 6);
    expect(pictureOf(image)).toEqual(picture);
  });
});
