import { resizePicture } from '../../imaging/resizePicture.ts';
import type { EmotionReading } from '../emotionReader.ts';
import type { Judges } from '../judges.ts';
import { canny } from '../metrics/canny.ts';
import { shareClipped } from '../metrics/clipping.ts';
import { greyOf } from '../pictures/grey.ts';
import { type RgbPicture, tensorOf } from '../pictures/rgbPicture.ts';

/** Side at which the official scripts compare. */
export const SIDE = 224;

/** A picture in the forms that metrics take it in. */
export interface PictureMeasures {
  /** At working size, as an edit sees it. */
  readonly seen: RgbPicture;
  readonly squashed: RgbPicture;
  /** Luma of the squashed picture. */
  readonly grey: Uint8Array;
  readonly edges: Uint8Array;
  /** Per cent. */
  readonly clipped: number;
  readonly readings: Readonly<Record<string, EmotionReading>>;
}

/**
 * @param picture at its own size
 * @param seen the same at working size
 */
export async function measurePicture(
  picture: RgbPicture,
  seen: RgbPicture,
  judges: Judges,
): Promise<PictureMeasures> {
  // Antialiased cubic, as the script's `PIL.Image.resize`.
  const squashed = await resizePicture(picture, { width: SIDE, height: SIDE });
  const grey = greyOf(squashed);
  const image = tensorOf(seen);
  const readings: Record<string, EmotionReading> = {};
  for (const [name, judge] of Object.entries(judges)) readings[name] = await judge.read(image);
  return {
    seen,
    squashed,
    grey,
    edges: canny(grey, SIDE, SIDE),
    clipped: shareClipped(picture.rgb),
    readings,
  };
}
