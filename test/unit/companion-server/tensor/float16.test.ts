import { float16ToFloat32, float32ToFloat16 } from '@emoeditor/companion-server/tensor/float16.ts';
import { describe, expect, it } from 'vitest';

describe('float16', () => {
  it('brings every finite half back to itself', () => {
    const halves = Uint16Array.from({ length: 0x10000 }, (_, i) => i).filter(
      (h) => (h & 0x7c00) !== 0x7c00,
    );
    expect(float32ToFloat16(float16ToFloat32(halves))).toEqual(halves);
  });

  it.each([
    ['rounds to nearest', 1 + 1 / 2048 + 1e-4, 0x3c01],
    ['rounds ties to even, down', 1 + 1 / 2048, 0x3c00],
    ['rounds ties to even, up', 1 + 3 / 2048, 0x3c02],
    ['carries into the exponent', 1.99999, 0x4000],
    ['keeps the smallest subnormal', 2 ** -24, 0x0001],
    ['loses what is smaller than half of it', 2 ** -26, 0x0000],
    ['ends in infinity', 70_000, 0x7c00],
    ['keeps the sign', -0.5, 0xb800],
  ])('%s', (_, value, half) => {
    expect(float32ToFloat16(Float32Array.of(value))[0]).toBe(half);
  });
});
