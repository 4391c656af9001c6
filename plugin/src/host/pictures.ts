import { type PixelBuffer, SRGB_PROFILE } from '@emoeditor/shared';
import { toBase64 } from '../base64.ts';
import type { PhotoshopModule } from './photoshopModule.ts';

/** Pictures for image elements: UXP has no canvas to draw pixels on. */
export interface Pictures {
  /** @param pixels 8-bit sRGB RGB */
  ofPixels(pixels: PixelBuffer): Promise<string>;
  /** @param mime of a compressed format, such as `image/jpeg` */
  ofFile(mime: string, bytes: Uint8Array): string;
  /** Gives the memory of a picture back that is shown no more. */
  forget(picture: string): void;
}

/** UXP's own, since 7.0 (image-blob.md); absent in older hosts. */
interface BlobWorld {
  readonly ImageBlob?: new (buffer: ArrayBuffer, options: object) => object;
  readonly URL?: {
    createObjectURL?(blob: object): string;
    revokeObjectURL?(url: string): void;
  };
}

/**
 * Pictures by `ImageBlob` where there is one: raw pixels as they are. Elsewhere, and where it refuses, Photoshop makes a
 * JPEG, which goes into the address as base64.
 */
export function picturesOf(
  imaging: PhotoshopModule['imaging'],
  world: BlobWorld = globalThis as BlobWorld,
): Pictures {
  let mayUseBlobs = true;
  const blobAddress = (bytes: Uint8Array, options: object): string | null => {
    const { ImageBlob, URL } = world;
    if (!mayUseBlobs || ImageBlob === undefined || URL?.createObjectURL === undefined) return null;
    try {
      // A buffer of its own: the blob takes all of it.
      const buffer = new Uint8Array(bytes).buffer;
      return URL.createObjectURL(new ImageBlob(buffer, options));
    } catch {
      mayUseBlobs = false;
      return null;
    }
  };
  return {
    async ofPixels(pixels) {
      const { width, height } = pixels.format;
      const options = {
        type: 'image/uncompressed',
        ...{ width, height, components: 3, componentSize: 8, hasAlpha: false },
        ...{ colorSpace: 'RGB', pixelFormat: 'RGB', colorProfile: SRGB_PROFILE },
      };
      return blobAddress(pixels.data as Uint8Array, options) ?? jpegAddress(imaging, pixels);
    },
    ofFile: (mime, bytes) =>
      blobAddress(bytes, { type: mime === 'image/jpeg' ? 'image/jpg' : mime }) ??
      `data:${mime};base64,${toBase64(bytes)}`,
    forget(picture) {
      if (picture.startsWith('blob:')) world.URL?.revokeObjectURL?.(picture);
    },
  };
}

async function jpegAddress(
  imaging: PhotoshopModule['imaging'],
  { format, data }: PixelBuffer,
): Promise<string> {
  const imageData = await imaging.createImageDataFromBuffer(data, {
    width: format.width,
    height: format.height,
    components: 3,
    chunky: true,
    colorSpace: 'RGB',
    colorProfile: format.profile,
  });
  try {
    const jpeg = await imaging.encodeImageData({ imageData, base64: true });
    return `data:image/jpeg;base64,${jpeg}`;
  } finally {
    await imageData.dispose();
  }
}
