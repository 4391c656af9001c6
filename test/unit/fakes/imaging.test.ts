import { Raster } from '@emoeditor/fake-photoshop';
import { describe, expect, it } from 'vitest';
import { fakeWorld, WHOLE } from './fakeWorld.ts';

/** Four samples of a pixel, all over the layer. */
const flat = (...pixel: number[]) =>
  Uint8Array.from({ length: 40 * 30 * pixel.length }, (_, i) => pixel[i % pixel.length] as number);
const flat16 = (...pixel: number[]) =>
  Uint16Array.from(flat(...pixel.map(() => 0)), (_, i) => pixel[i % pixel.length] as number);

describe('reading pixels', () => {
  it('[IM1] [IM16] trims to what is not empty, down to nothing', async () => {
    const { imaging, model, photo, modally } = fakeWorld();
    const inset = new Raster(8, 4).write(
      { left: 12, top: 8, right: 20, bottom: 11 },
      new Uint8Array(8 * 3 * 4).fill(255),
    );
    model.changeLayer(photo().id, (layer) => ({ ...layer, pixels: inset }));
    await modally(async () => {
      const far = { left: -10, top: 5, width: 110, height: 100 };
      const { imageData, sourceBounds } = await imaging.getPixels({
        layerID: photo().id,
        sourceBounds: far,
      });
      expect(sourceBounds).toEqual({ left: 12, top: 8, right: 20, bottom: 11 });
      expect(imageData).toMatchObject({ width: 8, height: 3, components: 4, hasAlpha: true });
      imageData.dispose();
      const nothing = await imaging.getPixels({
        layerID: photo().id,
        sourceBounds: { left: 25, top: 0, right: 40, bottom: 30 },
      });
      expect(nothing.sourceBounds).toEqual({ left: 0, top: 0, right: 0, bottom: 0 });
      expect(nothing.imageData).toMatchObject({ width: 0, height: 0 });
      nothing.imageData.dispose();
    });
  });

  it('[IM2] scales from a cached level, in whose pixels the bounds count', async () => {
    const { imaging, photo, modally } = fakeWorld();
    const read = async (targetSize: object) => {
      const { imageData, sourceBounds, level } = await imaging.getPixels({
        layerID: photo().id,
        sourceBounds: WHOLE,
        targetSize,
      });
      imageData.dispose();
      return { size: [imageData.width, imageData.height], sourceBounds, level };
    };
    await modally(async () => {
      expect(await read({ width: 10, height: 8 })).toEqual({
        size: [10, 8],
        sourceBounds: { left: 0, top: 0, right: 20, bottom: 15 },
        level: 1,
      });
      // One side follows the other.
      expect(await read({ width: 20 })).toMatchObject({ size: [20, 15], level: 1 });
      // Four levels, the full one included: 40 pixels are 5 in the last.
      expect(await read({ width: 1, height: 1 })).toMatchObject({
        size: [1, 1],
        sourceBounds: { right: 5, bottom: 4 },
        level: 3,
      });
    });
  });

  it('[IM2] weights colour by alpha when it scales, so that what is hidden does not bleed', async () => {
    const half = Uint8Array.from({ length: 40 * 30 * 4 }, (_, i) => {
      const isSeen = Math.floor(i / 4) % 2 === 0;
      return i % 4 === 3 ? (isSeen ? 255 : 0) : isSeen ? 80 : 250;
    });
    const { imaging, photo, modally } = fakeWorld({}, half);
    await modally(async () => {
      const { imageData } = await imaging.getPixels({
        layerID: photo().id,
        sourceBounds: WHOLE,
        targetSize: { width: 20, height: 15 },
      });
      expect([...(await imageData.getData()).slice(0, 4)]).toEqual([80, 80, 80, 128]);
      imageData.dispose();
    });
  });

  it('[IM3] [IM4] gives 16 bit up to 32768 or in full, chunky or planar', async () => {
    const { imaging, photo, modally } = fakeWorld({ depth: 16 }, flat16(32768, 16384, 0, 32768));
    await modally(async () => {
      const { imageData } = await imaging.getPixels({ layerID: photo().id });
      const first = async (options: object) => [...(await imageData.getData(options)).slice(0, 4)];
      expect(imageData.componentSize).toBe(16);
      expect(await first({})).toEqual([32768, 16384, 0, 32768]);
      expect(await first({ fullRange: true })).toEqual([65535, 32768, 0, 65535]);
      expect(await first({ chunky: false })).toEqual([32768, 32768, 32768, 32768]);
      imageData.dispose();
    });
  });

  it('[IM3] gives floats of a 32-bit document', async () => {
    const samples = Float32Array.from(flat(0, 0, 0, 0), (_, i) => (i % 4 === 3 ? 1 : 1.5));
    const { imaging, photo, modally } = fakeWorld({ depth: 32 }, samples);
    await modally(async () => {
      const { imageData } = await imaging.getPixels({ layerID: photo().id });
      expect(imageData.componentSize).toBe(32);
      expect([...(await imageData.getData()).slice(0, 4)]).toEqual([1.5, 1.5, 1.5, 1]);
      imageData.dispose();
    });
  });

  it('[IM5] leaves the alpha of a Background and of locked transparency away', async () => {
    const { imaging, model, photo, active, modally } = fakeWorld();
    const components = async (layerID: number) => {
      const { imageData } = await imaging.getPixels({ layerID });
      imageData.dispose();
      return imageData.components;
    };
    await modally(async () => {
      expect(await components(photo().id)).toBe(4);
      expect(await components(active().layers[1]!.id)).toBe(3);
      model.changeLayer(photo().id, (layer) => ({ ...layer, transparencyLocked: true }));
      expect(await components(photo().id)).toBe(3);
    });
  });

  it.each([
    ['grayscaleMode', 'Gray Gamma 2.2', flat(120, 255), 1],
    ['labColorMode', 'Lab D50', flat(120, 128, 128, 255), 3],
  ])('[IM6] gives no alpha in %s', async (mode, profile, samples, components) => {
    const { imaging, photo, modally } = fakeWorld({ mode, profile }, samples);
    await modally(async () => {
      const { imageData } = await imaging.getPixels({ layerID: photo().id });
      expect(imageData).toMatchObject({ components, hasAlpha: false });
      imageData.dispose();
    });
  });

  it.each([
    // The RGB ones by numpy, from the D50 matrices that Adobe's, Apple's and HP's profiles hold.
    ['Adobe RGB (1998)', 'RGBColorMode', flat(200, 100, 50, 255), [227, 100, 42]],
    ['Display P3', 'RGBColorMode', flat(200, 100, 50, 255), [215, 93, 31]],
    ['Gray Gamma 2.2', 'grayscaleMode', flat(128, 255), [128, 128, 128]],
    ['Lab D50', 'labColorMode', flat(128, 128, 128, 255), [120, 120, 120]],
    ['U.S. Web Coated (SWOP) v2', 'CMYKColorMode', flat(0, 255, 255, 0, 255), [255, 0, 0]],
  ])('[IM7] converts %s to sRGB when asked to', async (profile, mode, samples, expected) => {
    const { imaging, photo, modally } = fakeWorld({ mode, profile }, samples);
    await modally(async () => {
      const { imageData } = await imaging.getPixels({
        layerID: photo().id,
        colorSpace: 'RGB',
        colorProfile: 'sRGB IEC61966-2.1',
      });
      const rgb = [...(await imageData.getData()).slice(0, 3)] as number[];
      for (let k = 0; k < 3; k++) expect(Math.abs(rgb[k]! - expected[k]!)).toBeLessThanOrEqual(1);
      imageData.dispose();
    });
  });

  it('[IM13] refuses 8 bit of a 16-bit document, and [IM15] CMYK of any', async () => {
    const { imaging, photo, modally } = fakeWorld({ depth: 16 }, flat16(9, 9, 9, 32768));
    await modally(async () => {
      const layerID = photo().id;
      await expect(imaging.getPixels({ layerID, componentSize: 8 })).rejects.toThrow(/-1/);
      await expect(imaging.getPixels({ layerID, colorSpace: 'CMYK' })).rejects.toThrow(
        /never CMYK/,
      );
    });
  });

  it('[IM10] counts what was not disposed of, and refuses it afterwards', async () => {
    const { fake, imaging, photo, modally } = fakeWorld();
    await modally(async () => {
      const { imageData } = await imaging.getPixels({ layerID: photo().id });
      expect([fake.images.alive, fake.images.peakBytes]).toEqual([1, 40 * 30 * 4]);
      imageData.dispose();
      imageData.dispose();
      expect(fake.images.alive).toBe(0);
      await expect(imageData.getData()).rejects.toThrow(/disposed/);
    });
  });
});

describe('writing pixels', () => {
  const tile = (imaging: ReturnType<typeof fakeWorld>['imaging'], more: object = {}) =>
    imaging.createImageDataFromBuffer(new Uint8Array(16).fill(200), {
      width: 2,
      height: 2,
      components: 4,
      colorSpace: 'RGB',
      ...more,
    });

  it('[IM11] [IM19] adds to what is there or replaces it, off the canvas too', async () => {
    const { imaging, model, active, modally } = fakeWorld();
    await modally(async () => {
      const layer = await active().createPixelLayer({ name: 'tiles' });
      const imageData = await tile(imaging);
      const at = (left: number, replace?: boolean) =>
        imaging.putPixels({
          layerID: layer.id,
          imageData,
          ...(replace === undefined ? {} : { replace }),
          targetBounds: { left, top: 0 },
        });
      const bounds = () => model.layer(layer.id)?.pixels.bounds;
      await at(-6, false);
      await at(4, false);
      expect(bounds()).toEqual({ left: -6, top: 0, right: 6, bottom: 2 });
      await at(8);
      expect(bounds()).toEqual({ left: 8, top: 0, right: 10, bottom: 2 });
      imageData.dispose();
    });
  });

  it('[IM8] [IM9] converts from the profile that is named; an empty one is the document’s', async () => {
    const { imaging, model, active, modally } = fakeWorld({ profile: 'Adobe RGB (1998)' });
    await modally(async () => {
      const layer = await active().createPixelLayer({ name: 'tiles' });
      const written = async (colorProfile: string) => {
        const imageData = await tile(imaging, { colorProfile });
        await imaging.putPixels({ layerID: layer.id, imageData });
        imageData.dispose();
        return [...model.layer(layer.id)!.pixels.read({ left: 0, top: 0, right: 1, bottom: 1 })];
      };
      expect(await written('')).toEqual([200, 200, 200, 200]);
      expect(await written('Adobe RGB (1998)')).toEqual([200, 200, 200, 200]);
      expect(await written('sRGB IEC61966-2.1')).toEqual([199, 199, 199, 200]);
    });
  });

  it('[IM12] [IM14] [LA5] takes pixel layers that are not locked, in their own depth', async () => {
    const { imaging, model, photo, modally } = fakeWorld({ depth: 16 }, flat16(9, 9, 9, 32768));
    await modally(async () => {
      const imageData = await tile(imaging);
      const put = () => imaging.putPixels({ layerID: photo().id, imageData });
      await expect(put()).rejects.toThrow(/16-bit/);
      model.changeLayer(photo().id, (layer) => ({ ...layer, pixelsLocked: true }));
      await expect(put()).rejects.toThrow(/locked/);
      model.changeLayer(photo().id, (layer) => ({ ...layer, kind: 'smartObject' }));
      await expect(put()).rejects.toThrow(/holds no pixels/);
      imageData.dispose();
    });
  });

  it('[IM15] refuses a CMYK document', async () => {
    const { imaging, photo, modally } = fakeWorld({ mode: 'CMYKColorMode' }, flat(9, 9, 9, 9, 255));
    await modally(async () => {
      const imageData = await tile(imaging);
      await expect(imaging.putPixels({ layerID: photo().id, imageData })).rejects.toThrow(/CMYK/);
      imageData.dispose();
    });
  });

  it('[IM17] [IM18] encodes RGB of 8 bit, and counts the buffer', async () => {
    const { imaging, modally } = fakeWorld();
    await modally(async () => {
      await expect(tile(imaging, { width: 3 })).rejects.toThrow(/24 values.*got 16/);
      await expect(tile(imaging, { colorSpace: 'CMYK' })).rejects.toThrow(/no color space/);
      const imageData = await tile(imaging);
      await expect(imaging.encodeImageData({ imageData })).rejects.toThrow(/without alpha/);
      imageData.dispose();
    });
  });
});
