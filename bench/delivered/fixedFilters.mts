import type { Emotion } from '@emoeditor/shared';
import sharp, { type Sharp } from 'sharp';

type Matrix3x3 = Parameters<Sharp['recomb']>[0];

/** From unchanged (0) to that matrix (1). */
const towards = (share: number, matrix: Matrix3x3): Matrix3x3 =>
  matrix.map((row, i) =>
    row.map((value, j) => share * value + (1 - share) * (i === j ? 1 : 0)),
  ) as Matrix3x3;

/** Every colour to grey of its luma, tinted. */
const tinted = (red: number, green: number, blue: number): Matrix3x3 =>
  [red, green, blue].map((tint) => [0.3 * tint, 0.59 * tint, 0.11 * tint]) as Matrix3x3;

/**
 * The rival: for each emotion one fixed chain of filters, as anyone would write it in a minute to look like the
 * emotion. It knows nothing of the picture.
 */
export const FIXED_FILTERS: Readonly<Record<Emotion, (picture: Sharp) => Sharp>> = {
  amusement: (picture) => picture.modulate({ brightness: 1.08, saturation: 1.5 }),
  anger: (picture) =>
    picture
      .recomb(towards(0.55, tinted(1.35, 0.6, 0.45)))
      .linear(1.15, -18)
      .modulate({ saturation: 1.3 }),
  awe: (picture) => picture.recomb(towards(0.45, tinted(0.65, 0.8, 1.35))).linear(0.9, -8),
  contentment: (picture) =>
    picture.recomb(towards(0.25, tinted(1.25, 1.05, 0.75))).linear(0.92, 22),
  disgust: (picture) =>
    picture.recomb(towards(0.55, tinted(0.95, 1.05, 0.45))).modulate({ brightness: 0.9 }),
  excitement: (picture) =>
    picture.recomb(towards(0.35, tinted(1.25, 0.7, 1.4))).modulate({ saturation: 1.4 }),
  fear: (picture) => picture.recomb(towards(0.7, tinted(0.6, 0.85, 0.95))).linear(0.75, -22),
  sadness: (picture) => picture.recomb(towards(0.75, tinted(0.92, 0.97, 1.06))).linear(0.8, 10),
};

/** A picture through the filter of an emotion, as a lossless file. */
export async function filtered(path: string, emotion: Emotion, to: string): Promise<void> {
  const picture = sharp(path).rotate().removeAlpha().toColourspace('srgb');
  await FIXED_FILTERS[emotion](picture).png({ compressionLevel: 1 }).toFile(to);
}
