import { pack, unpack } from '@emoeditor/companion-server/cluster/packed.ts';
import { describe, expect, it } from 'vitest';

const there = async (value: unknown) => unpack(await pack(value));

describe('packed data', () => {
  it('comes back bit by bit, with arrays of all kinds, whatever lies before them', async () => {
    const value = {
      text: '“ä” \u0000',
      nothing: null,
      list: [1, -0.5, [true]],
      bytes: Uint8Array.of(1, 2, 3),
      view: new Float32Array([0, 0.1, -1, 3e38, 0.2]).subarray(1, 4),
      more: {
        words: Uint16Array.of(65535),
        whole: Int32Array.of(-7),
        many: Uint32Array.of(2 ** 31),
      },
      fine: Float64Array.of(Math.PI),
      none: new Float32Array(0),
    };
    expect(await there(value)).toEqual(value);
  });

  it('keeps numbers that JSON has no words for', async () => {
    expect(await there({ a: Number.NaN, b: [Infinity, -Infinity] })).toEqual({
      a: Number.NaN,
      b: [Infinity, -Infinity],
    });
  });

  it('takes a Buffer for the bytes that it holds', async () => {
    expect(await there({ bytes: Buffer.from('abc') })).toEqual({
      bytes: Uint8Array.of(97, 98, 99),
    });
  });

  it('stores floats that are eighth-bit samples as bytes, and gives the same floats', async () => {
    const samples = Uint8Array.from({ length: 30_000 }, () => Math.floor(Math.random() * 256));
    const floats = Float32Array.from(samples, (sample) => sample / 255);
    expect(await there({ floats })).toEqual({ floats });
    expect((await pack({ floats })).length).toBeLessThan(samples.length * 1.1);
    floats[7] = 0.1;
    expect(await there({ floats })).toEqual({ floats });
  });

  it('refuses a reference that leads out of the data, and what is no data at all', async () => {
    const outside = await pack({ bytes: { $array: ['u8', 0, 10] } });
    await expect(unpack(outside)).rejects.toThrow(RangeError);
    const unknown = await pack({ bytes: { $array: ['constructor', 0, 0] } });
    await expect(unpack(unknown)).rejects.toThrow();
    await expect(unpack(Uint8Array.of(1, 2, 3))).rejects.toThrow();
  });

  it('refuses to pack what is no plain data', async () => {
    await expect(pack({ view: new DataView(new ArrayBuffer(2)) })).rejects.toThrow(TypeError);
  });
});
