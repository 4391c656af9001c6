import type { Emotion } from '@emoeditor/shared';
import type { ColourFilter } from '../../imaging/colourFilter.ts';

type Matrix = NonNullable<ColourFilter['matrix']>;

/** From unchanged (0) to every colour as the grey of its luma, tinted (1). */
function tinted(share: number, ...tint: readonly [number, number, number]): Matrix {
  const luma = [0.3, 0.59, 0.11] as const;
  const row = (i: number) =>
    luma.map((weight, j) => share * weight * (tint[i] as number) + (1 - share) * (i === j ? 1 : 0));
  return [row(0), row(1), row(2)] as unknown as Matrix;
}

/**
 * The rival: for each emotion one fixed chain of filters, as anyone would write it in a minute to look like the
 * emotion. It knows nothing of the picture.
 */
export const FIXED_FILTERS: Readonly<Record<Emotion, ColourFilter>> = {
  amusement: { modulate: { brightness: 1.08, saturation: 1.5 } },
  anger: {
    matrix: tinted(0.55, 1.35, 0.6, 0.45),
    linear: [1.15, -18],
    modulate: { saturation: 1.3 },
  },
  awe: { matrix: tinted(0.45, 0.65, 0.8, 1.35), linear: [0.9, -8] },
  contentment: { matrix: tinted(0.25, 1.25, 1.05, 0.75), linear: [0.92, 22] },
  disgust: { matrix: tinted(0.55, 0.95, 1.05, 0.45), modulate: { brightness: 0.9 } },
  excitement: { matrix: tinted(0.35, 1.25, 0.7, 1.4), modulate: { saturation: 1.4 } },
  fear: { matrix: tinted(0.7, 0.6, 0.85, 0.95), linear: [0.75, -22] },
  sadness: { matrix: tinted(0.75, 0.92, 0.97, 1.06), linear: [0.8, 10] },
};
