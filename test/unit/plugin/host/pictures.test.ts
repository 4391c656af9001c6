import { picturesOf } from '@emoeditor/plugin/host/pictures.ts';
import { SRGB_PROFILE } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';
import { plain } from '../doubles/scriptedHost.ts';

type Imaging = Parameters<typeof picturesOf>[0];

/** Photoshop's way to a picture: JPEG in base64. */
function imagingOf() {
  const made: object[] = [];
  let alive = 0;
  const imaging = {
    async createImageDataFromBuffer(_data: unknown, options: object) {
      made.push(options);
      alive += 1;
      return {
        async dispose() {
          alive -= 1;
        },
      };
    },
    encodeImageData: async () => 'AAAA',
  };
  return { imaging: imaging as unknown as Imaging, made, alive: () => alive };
}

/** A host with ImageBlob: `refuses` as one that does not take raw pixels after all. */
function blobWorld(refuses = false) {
  const addresses = new Map<string, { buffer: ArrayBuffer; options: object }>();
  class ImageBlob {
    readonly given: { buffer: ArrayBuffer; options: object };
    constructor(buffer: ArrayBuffer, options: object) {
      if (refuses) throw new TypeError('no');
      this.given = { buffer, options };
    }
  }
  const URL = {
    createObjectURL(blob: object) {
      const address = `blob:${addresses.size}`;
      addresses.set(address, (blob as ImageBlob).given);
      return address;
    },
    revokeObjectURL: (address: string) => void addresses.delete(address),
  };
  return { world: { ImageBlob, URL }, addresses };
}

describe('pictures for image elements', () => {
  it('[UX14] are raw pixels where the host has ImageBlob, until they are forgotten', async () => {
    const { imaging, made } = imagingOf();
    const { world, addresses } = blobWorld();
    const pictures = picturesOf(imaging, world);
    // A part of a larger buffer: the blob must not get all of it.
    const pixels = { ...plain(4, 2), data: new Uint8Array(100).subarray(3, 27) };
    const picture = await pictures.ofPixels(pixels);
    expect(picture).toBe('blob:0');
    const { buffer, options } = addresses.get(picture)!;
    expect(buffer.byteLength).toBe(4 * 2 * 3);
    expect(options).toMatchObject({
      type: 'image/uncompressed',
      ...{ width: 4, height: 2, components: 3, colorProfile: SRGB_PROFILE },
    });
    const file = pictures.ofFile('image/jpeg', Uint8Array.of(1, 2, 3));
    expect(addresses.get(file)?.options).toEqual({ type: 'image/jpg' });
    expect(made, 'Photoshop makes no JPEG').toEqual([]);
    pictures.forget(picture);
    expect([...addresses.keys()]).toEqual([file]);
  });

  it.each([
    ['without ImageBlob', {}],
    ['with one that refuses', blobWorld(true).world],
  ])('are JPEG in base64 in a host %s', async (_, world) => {
    const { imaging, made, alive } = imagingOf();
    const pictures = picturesOf(imaging, world);
    expect(await pictures.ofPixels(plain(4, 2))).toBe('data:image/jpeg;base64,AAAA');
    expect(pictures.ofFile('image/jpeg', Uint8Array.of(1, 2, 3))).toBe(
      'data:image/jpeg;base64,AQID',
    );
    expect(made).toHaveLength(1);
    expect(alive()).toBe(0);
    pictures.forget('data:image/jpeg;base64,AAAA');
  });
});
