import { fittedExtent } from '@emoeditor/shared';
import { encodePreview } from '../../imaging/encodePreview.ts';
import { resizePicture } from '../../imaging/resizePicture.ts';
import { encodePng } from '../../imaging/smallPicture.ts';
import type { RgbPicture } from '../pictures/rgbPicture.ts';

/** Pixels of the long side: where the filter share is defined, and in the report. */
const THUMB = 120;
const SHOWN = 240;

/** A picture small, as base64: without loss for the filter share, and to be shown. */
export async function smallPictures(
  seen: RgbPicture,
): Promise<{ readonly thumb: string; readonly shown: string }> {
  const [thumb, shown] = await Promise.all([within(seen, THUMB), within(seen, SHOWN)]);
  return { thumb: base64(await encodePng(thumb)), shown: base64(await encodePreview(shown)) };
}

const within = (picture: RgbPicture, side: number) =>
  resizePicture(picture, fittedExtent(picture, { width: side, height: side }));

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
