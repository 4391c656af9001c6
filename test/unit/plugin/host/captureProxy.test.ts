import { Raster } from '@emoeditor/fake-photoshop';
import type { ImagePixels } from '@emoeditor/plugin/host/imagePixels.ts';
import { proxyPixels } from '@emoeditor/plugin/host/proxyPixels.ts';
import { wholeLayer } from '@emoeditor/plugin/session/editRegion.ts';
import type { Bounds, Extent } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';
import { grain as noise } from '../../companion-server/compositor/scenes.ts';
import { patterned, photoshopWorld } from '../doubles/photoshopWorld.ts';

const image = (
  width: number,
  height: number,
  pixel: number[],
  bounds: Bounds,
  coarseness = 1,
  range: 255 | 32768 = 255,
): ImagePixels => {
  const values = Array.from({ length: width * height }, () => pixel).flat();
  const data = range === 255 ? Uint8Array.from(values) : Uint16Array.from(values);
  return { width, height, components: pixel.length, data, bounds, coarseness };
};
const at = (rgb: Uint8Array | null, extent: Extent, x: number, y: number) =>
  rgb && [...rgb.slice((y * extent.width + x) * 3, (y * extent.width + x) * 3 + 3)];

describe('proxyPixels', () => {
  const region = { left: -10, top: 5, width: 8, height: 8 };
  const extent = { width: 8, height: 8 };

  it('passes pixels of the right size through', () => {
    const rgb = proxyPixels(image(8, 8, [10, 20, 30], region), region, extent);
    expect(at(rgb, extent, 0, 0)).toEqual([10, 20, 30]);
    expect(at(rgb, extent, 7, 7)).toEqual([10, 20, 30]);
  });

  it('puts trimmed pixels where their bounds say, over neutral grey', () => {
    const part = { left: -8, top: 7, width: 2, height: 3 };
    const rgb = proxyPixels(image(2, 3, [200, 100, 0, 255], part), region, extent);
    expect(at(rgb, extent, 2, 2)).toEqual([200, 100, 0]);
    expect(at(rgb, extent, 3, 4)).toEqual([200, 100, 0]);
    expect(at(rgb, extent, 4, 4)).toEqual([128, 128, 128]);
    expect(at(rgb, extent, 1, 2)).toEqual([128, 128, 128]);
  });

  it('converts Photoshop’s 16 bit, whose 1.0 is 32768', () => {
    const rgb = proxyPixels(image(8, 8, [32768, 16384, 0], region, 1, 32768), region, extent);
    expect(at(rgb, extent, 3, 3)).toEqual([255, 128, 0]);
  });

  it('scales what came in another size, weighting colour by alpha', () => {
    const pair: ImagePixels = {
      width: 2,
      height: 1,
      components: 4,
      data: Uint8Array.of(255, 0, 0, 255, 0, 255, 0, 0),
      bounds: region,
      coarseness: 1,
    };
    const one = { width: 1, height: 1 };
    expect(at(proxyPixels(pair, region, one), one, 0, 0)).toEqual([191, 64, 64]);
  });

  it('forgives the rounding of a pyramid level at the edges, and no more', () => {
    const odd = { left: 0, top: 0, width: 33, height: 32 };
    const small = { width: 8, height: 8 };
    const level2 = image(8, 8, [0, 0, 0], { left: 0, top: 0, width: 32, height: 32 }, 4);
    expect(at(proxyPixels(level2, odd, small), small, 7, 3)).toEqual([0, 0, 0]);
    const level0 = image(8, 8, [0, 0, 0], { left: 0, top: 0, width: 16, height: 32 }, 1);
    expect(at(proxyPixels(level0, odd, small), small, 7, 3)).toEqual([128, 128, 128]);
  });

  it('is null when nothing can be seen', () => {
    expect(proxyPixels(image(8, 8, [9, 9, 9, 0], region), region, extent)).toBeNull();
    expect(
      proxyPixels({ ...image(0, 0, [9, 9, 9, 0], region), bounds: null }, region, extent),
    ).toBeNull();
  });
});

describe('captureProxy', () => {
  const setUp = (alpha: number) => {
    const world = photoshopWorld();
    const place = { left: 0, top: 0, right: 64, bottom: 32 };
    world.change({
      pixels: patterned(place, (x) => [x < 32 ? 255 : 0, 0, 0, alpha]),
    });
    const layer = world.layerNow();
    const capture = (extent: { width: number; height: number }) =>
      world.host.captureProxy(layer, wholeLayer(layer), extent, new AbortController().signal);
    return { ...world, layer, capture };
  };

  it('asks for sRGB at working size without forcing a depth, and disposes of everything', async () => {
    const { calls, capture, document, source, fake } = setUp(255);
    const extent = { width: 32, height: 16 };
    const proxy = await capture(extent);
    expect(calls[0]).toEqual({
      name: 'getPixels',
      options: {
        documentID: document.id,
        layerID: source.id,
        sourceBounds: { left: 0, top: 0, right: 64, bottom: 32 },
        targetSize: extent,
        colorSpace: 'RGB',
        colorProfile: 'sRGB IEC61966-2.1',
      },
    });
    expect(proxy.picture).toBe('data:image/jpeg;base64,/9g=');
    expect(proxy.pixels.format).toMatchObject({ width: 32, height: 16, channels: 3, range: 255 });
    expect(at(proxy.pixels.data as Uint8Array, extent, 15, 3)).toEqual([255, 0, 0]);
    expect(at(proxy.pixels.data as Uint8Array, extent, 16, 3)).toEqual([0, 0, 0]);
    expect(fake.images.alive).toBe(0);
  });

  it('shows the layer in its own shape, however the working size squeezes it', async () => {
    const { calls, capture, fake } = setUp(255);
    const { pixels } = await capture({ width: 32, height: 32 });
    expect(pixels.format).toMatchObject({ width: 32, height: 32 });
    const shown = calls.find(({ name }) => name === 'createImageDataFromBuffer');
    expect(shown?.options).toMatchObject({ width: 32, height: 16 });
    expect(fake.images.alive).toBe(0);
  });

  it('[CM8] measures the photograph’s noise at its own resolution, not at working size', async () => {
    const { change, host, layerNow } = setUp(255);
    const place = { left: 0, top: 0, right: 128, bottom: 128 };
    change({
      pixels: patterned(place, (x, y) => {
        const value = 128 + Math.round(12 * noise(x, y));
        return [value, value, value, 255];
      }),
    });
    const layer = layerNow();
    const extent = { width: 32, height: 32 };
    const { signal } = new AbortController();
    const { grain } = await host.captureProxy(layer, wholeLayer(layer), extent, signal);
    // Even noise of that width deviates by a √12th of it.
    const expected = 12 / Math.sqrt(12) / 255;
    expect(grain).toBeGreaterThan(expected * 0.8);
    expect(grain).toBeLessThan(expected * 1.1);
  });

  it('refuses a layer of which nothing can be seen', async () => {
    const { capture, change, fake } = setUp(255);
    change({ pixels: new Raster(8, 4) });
    await expect(capture({ width: 32, height: 32 })).rejects.toMatchObject({ code: 'LAYER_EMPTY' });
    expect(fake.images.alive).toBe(0);
  });
});
