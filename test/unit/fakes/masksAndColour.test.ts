import { convertSamples, newLayer, Raster } from '@emoeditor/fake-photoshop';
import { describe, expect, it } from 'vitest';
import { fakeWorld, WHOLE } from './fakeWorld.ts';

describe('masks and selections', () => {
  it('[MK1] [MK5] are one gray component; the bounds of a selection hold its soft edge', async () => {
    const { fake, model, imaging, active, modally } = fakeWorld();
    expect(active().selection.bounds).toBeNull();
    fake.user(model).selectArea({ left: 10, top: 10, right: 20, bottom: 20 }, { feather: 3 });
    await modally(async () => {
      const { imageData, sourceBounds } = await imaging.getSelection({ sourceBounds: WHOLE });
      expect(sourceBounds.left).toBeLessThan(9);
      expect(active().selection.bounds).toEqual(sourceBounds);
      expect(imageData).toMatchObject({ components: 1, colorSpace: 'Grayscale' });
      expect(new Set(await imageData.getData()).size).toBeGreaterThan(2);
      imageData.dispose();
    });
  });

  it('[MK1] have the depth of the document', async () => {
    const samples = new Uint16Array(40 * 30 * 4).fill(32768);
    const { fake, model, imaging, photo, modally } = fakeWorld({ depth: 16 }, samples);
    fake.user(model).selectArea({ left: 10, top: 10, right: 20, bottom: 20 });
    await modally(async () => {
      const { imageData } = await imaging.getSelection({ sourceBounds: WHOLE });
      expect(await imageData.getData()).toEqual(new Uint16Array(100).fill(32768));
      imageData.dispose();
      const shallow = await imaging.createImageDataFromBuffer(Uint8Array.of(9), {
        width: 1,
        height: 1,
        components: 1,
        colorSpace: 'Grayscale',
      });
      const put = imaging.putLayerMask({ layerID: photo().id, imageData: shallow });
      await expect(put).rejects.toThrow(/A mask has 16 bit here/);
      shallow.dispose();
    });
  });

  it('[MK2] [MK3] [MK4] a mask is made by putting it, goes on in its own shade, and a vector mask is read only', async () => {
    const { imaging, model, photo, modally } = fakeWorld();
    const layerID = photo().id;
    await modally(async () => {
      await expect(imaging.getLayerMask({ layerID })).rejects.toThrow(/no user mask/);
      const imageData = await imaging.createImageDataFromBuffer(Uint8Array.of(9, 99), {
        width: 2,
        height: 1,
        components: 1,
        colorSpace: 'Grayscale',
        colorProfile: 'Gray Gamma 2.2',
      });
      await imaging.putLayerMask({ layerID, imageData, targetBounds: { left: 3, top: 4 } });
      const read = async (kind: string) => {
        const got = await imaging.getLayerMask({ layerID, kind, sourceBounds: WHOLE });
        got.imageData.dispose();
        return got.sourceBounds;
      };
      expect(await read('user')).toEqual({ left: 3, top: 4, right: 5, bottom: 5 });
      const white = new Raster(8, 1, { blank: 255 });
      model.changeLayer(layerID, (layer) => ({ ...layer, mask: white, vectorMask: white }));
      expect(await read('user'), 'all of it is what it is beyond').toMatchObject({ right: 0 });
      const dot = { left: 3, top: 4, right: 5, bottom: 6 };
      const dotted = white.write(dot, new Uint8Array(4));
      model.changeLayer(layerID, (layer) => ({ ...layer, mask: dotted, vectorMask: dotted }));
      expect(await read('user')).toEqual(dot);
      expect(await read('vector')).toEqual(dot);
      const put = imaging.putLayerMask({ layerID, imageData, kind: 'vector' });
      await expect(put).rejects.toThrow(/Only “user”/);
      imageData.dispose();
    });
  });
});

describe('conversion of colours', () => {
  it.each([
    ['RGB', 'ProPhoto RGB', 4],
    ['RGB', 'Adobe RGB (1998)', 4],
    ['Lab', 'Lab D50', 4],
  ] as const)('comes back from %s (%s)', (name, profile, channels) => {
    const rgb = Uint16Array.of(30000, 12000, 5000, 20000, 800, 900, 31000, 32768);
    const own = { name: 'RGB', profile: 'sRGB IEC61966-2.1' } as const;
    const there = convertSamples(rgb, channels, [own, { name, profile }]);
    const back = convertSamples(there, 4, [{ name, profile }, own]);
    for (const [i, value] of rgb.entries()) expect(Math.abs(value - back[i]!)).toBeLessThan(16);
    expect(there[3]).toBe(20000);
  });
});

describe('Raster', () => {
  it('reads what was written, across its chunks and off the canvas, and leaves the old one alone', () => {
    const data = Uint8Array.from({ length: 600 * 3 }, (_, i) => (i % 255) + 1);
    const place = { left: -300, top: 254, right: 300, bottom: 257 };
    const empty = new Raster(8, 1);
    const written = empty.write(place, data);
    expect(written.read(place)).toEqual(data);
    expect(written.bounds).toEqual(place);
    expect(empty.bounds.right).toBe(0);
    const moved = written.moved(7, -3);
    expect(moved.bounds).toEqual({ left: -293, top: 251, right: 307, bottom: 254 });
    expect(moved.read(moved.bounds)).toEqual(data);
  });

  it('has as many channels as its mode needs', () => {
    expect(newLayer(8, {}, 'CMYKColorMode').pixels.channels).toBe(5);
    expect(newLayer(8, {}, 'grayscaleMode').pixels.channels).toBe(2);
  });
});
