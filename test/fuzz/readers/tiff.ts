import { readPicture } from '@emoeditor/companion-server/imaging/readPicture.ts';
import { writePicture } from '@emoeditor/companion-server/imaging/writePicture.ts';
import { expectHinted } from './expectHinted.ts';

/** Larger pictures take their time for no other code. */
const MOST_PIXELS = 128 * 128;

/** A TIFF: read, and saved as another with its profile and metadata. */
export async function fuzz(bytes: Buffer): Promise<void> {
  const file = Buffer.from(bytes);
  const isBigEndian = file[0] === 0x4d;
  file.set((isBigEndian ? [0x4d, 0x4d, 0] : [0x49, 0x49]).slice(0, file.length));
  await expectHinted(async () => {
    const { pixels, icc, metadata } = await readPicture(file, 'a.tif');
    const { width, height } = pixels.format;
    if (width * height <= MOST_PIXELS) await writePicture(pixels, icc, metadata, 'o.tif');
  });
}
