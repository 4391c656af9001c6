import { resizePicture } from '@emoeditor/companion-server/imaging/resizePicture.ts';
import { describe, expect, it } from 'vitest';

function picture(width: number, height: number, at: (x: number, y: number, c: number) => number) {
  const rgb = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return at(pixel % width, Math.floor(pixel / width), i % 3);
  });
  return { width, height, rgb };
}

describe('resizePicture', () => {
  it('keeps a flat colour to the bit, larger or smaller', async () => {
    const flat = picture(40, 30, (_x, _y, c) => [10, 128, 250][c]!);
    for (const extent of [
      { width: 13, height: 9 },
      { width: 96, height: 64 },
    ]) {
      const scaled = await resizePicture(flat, extent);
      expect(scaled).toEqual(
        picture(extent.width, extent.height, (_x, _y, c) => [10, 128, 250][c]!),
      );
    }
  });

  it('averages what it shrinks instead of picking pixels', async () => {
    const checkers = picture(64, 64, (x, y) => ((x + y) % 2) * 255);
    const { rgb } = await resizePicture(checkers, { width: 16, height: 16 });
    expect(Math.max(...rgb) - Math.min(...rgb)).toBeLessThan(12);
    expect(Math.abs(rgb.reduce((sum, value) => sum + value, 0) / rgb.length - 127.5)).toBeLessThan(
      2,
    );
  });

  it('keeps to 0 … 255 where the filter overshoots', async () => {
    const edge = picture(8, 8, (x) => (x < 4 ? 0 : 255));
    const { rgb } = await resizePicture(edge, { width: 32, height: 8 });
    const row = [...rgb.subarray(0, 32 * 3)].filter((_, i) => i % 3 === 0);
    expect(row).toEqual([...row].sort((a, b) => a - b));
    expect([row[0], row[31]]).toEqual([0, 255]);
  });
});
