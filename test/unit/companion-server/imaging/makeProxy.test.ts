import { makeProxy } from '@emoeditor/companion-server/imaging/makeProxy.ts';
import { workingExtent } from '@emoeditor/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bufferOf, ramp, rampBytes } from './pictures.ts';

const AREA = 256 * 256;

describe('working size', () => {
  it('keeps the aspect at about the area, in multiples', async () => {
    expect(workingExtent({ width: 4000, height: 4000 }, AREA, 32)).toEqual({
      width: 256,
      height: 256,
    });
    expect(workingExtent({ width: 6000, height: 4000 }, AREA, 32)).toEqual({
      width: 320,
      height: 224,
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 16, max: 30_000 }),
        fc.integer({ min: 16, max: 30_000 }),
        (width, height) => {
          const extent = workingExtent({ width, height }, AREA, 32);
          expect(extent.width % 32).toBe(0);
          expect(extent.height % 32).toBe(0);
          expect(extent.width * extent.height).toBeGreaterThan(AREA * 0.6);
          expect(extent.width * extent.height).toBeLessThan(AREA * 1.4);
        },
      ),
    );
  });
});

describe('the proxy', () => {
  it('agrees with an antialiased cubic resize by libvips', async () => {
    const data = rampBytes(900, 600);
    const proxy = await makeProxy(bufferOf(data, { width: 900, height: 600 }), AREA, 32);
    const peer = await ramp(900, 600)
      .resize(proxy.width, proxy.height, { fit: 'fill', kernel: 'cubic' })
      .raw()
      .toBuffer();
    let worst = 0;
    for (let i = 0; i < peer.length; i++)
      worst = Math.max(worst, Math.abs(peer[i]! - proxy.rgb[i]!));
    expect(worst).toBeLessThanOrEqual(2);
  });

  it('is the same from 8-bit, 16-bit in both ranges, and float', async () => {
    const data = rampBytes(200, 100);
    const { rgb: reference } = await makeProxy(
      bufferOf(data, { width: 200, height: 100 }),
      AREA,
      32,
    );
    for (const [sample, range, make] of [
      ['uint16', 32768, Uint16Array],
      ['uint16', 65535, Uint16Array],
      ['float32', 1, Float32Array],
    ] as const) {
      const scaled = new make(data.length);
      for (let i = 0; i < data.length; i++) {
        const wanted = (data[i]! / 255) * range;
        scaled[i] = sample === 'float32' ? wanted : Math.round(wanted);
      }
      const proxy = await makeProxy(
        bufferOf(scaled, { width: 200, height: 100, sample, range }),
        AREA,
        32,
      );
      let worst = 0;
      for (let i = 0; i < reference.length; i++)
        worst = Math.max(worst, Math.abs(proxy.rgb[i]! - reference[i]!));
      expect(worst).toBeLessThanOrEqual(1);
    }
  });

  it('lets no hidden colour bleed in from under alpha 0', async () => {
    const width = 512;
    const height = 512;
    const data = new Uint8Array(width * height * 4);
    for (let i = 0; i < width * height; i++) {
      const opaque = i % width < width / 2 + 0.3;
      data.set(opaque ? [40, 160, 40, 255] : [255, 0, 255, 0], i * 4);
    }
    const { rgb } = await makeProxy(bufferOf(data, { width, height, channels: 4 }), AREA, 32);
    const channel = (k: number) => rgb.filter((_, i) => i % 3 === k);
    // Between the green and the neutral grey but for the cubic's small overshoot, never towards magenta.
    expect(channel(1).reduce((a, b) => Math.min(a, b))).toBeGreaterThanOrEqual(116);
    expect(channel(0).reduce((a, b) => Math.max(a, b))).toBeLessThanOrEqual(140);
  });

  it('converts a wide space to sRGB', async () => {
    const data = new Uint8Array(64 * 64 * 3).fill(0);
    for (let i = 0; i < data.length; i += 3) data.set([117, 251, 76], i);
    // sRGB green, as Display P3 encodes it (CSS Color 4: color(display-p3 0.4584 0.9853 0.2983)).
    const { rgb } = await makeProxy(
      bufferOf(data, { width: 64, height: 64, profile: 'Display P3' }),
      AREA,
      32,
    );
    expect(rgb[0]!).toBeLessThanOrEqual(3);
    expect(rgb[1]!).toBeGreaterThanOrEqual(253);
    expect(rgb[2]!).toBeLessThanOrEqual(3);
  });

  it('refuses a fully transparent layer, and no pixels at all', async () => {
    const clear = bufferOf(new Uint8Array(64 * 64 * 4), { width: 64, height: 64, channels: 4 });
    await expect(makeProxy(clear, AREA, 32)).rejects.toThrowError(
      expect.objectContaining({
        code: 'FULLY_TRANSPARENT',
        message: expect.stringMatching(/fully transparent/),
      }),
    );
    const none = bufferOf(new Uint8Array(0), { width: 0, height: 0 });
    await expect(makeProxy(none, AREA, 32)).rejects.toThrowError(
      expect.objectContaining({ code: 'EMPTY' }),
    );
  });
});
