import type { Bounds, PixelData } from '@emoeditor/shared';
import type { imaging } from 'photoshop/dom/ImagingModule';
import { boundsOf, type Edges } from './rectangle.ts';

type Result = {
  readonly imageData: imaging.PhotoshopImageData;
  readonly sourceBounds: Edges;
  readonly level?: number;
};

/** Samples out of Photoshop, interleaved, in its own ranges (8 bit 0..255, 16 bit 0..32768). */
export interface ImagePixels {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly data: PixelData;
  /** The part of the document that they show, at full resolution; null when there was nothing. */
  readonly bounds: Bounds | null;
  /** Document pixels per pixel of the pyramid level: how coarse `bounds` is. */
  readonly coarseness: number;
}

/** Takes the samples out and gives Photoshop's memory back, whatever happens. */
export async function takePixels(asked: Promise<Result>): Promise<ImagePixels> {
  const { imageData, sourceBounds, level = 0 } = await asked;
  try {
    const data = await imageData.getData({ chunky: true, fullRange: false });
    const { width, height, components } = imageData;
    const coarseness = 2 ** level;
    return {
      width,
      height,
      components,
      data,
      bounds: fullResolution(sourceBounds, coarseness),
      coarseness,
    };
  } finally {
    await imageData.dispose();
  }
}

/** `sourceBounds` counts in pixels of the pyramid level that Photoshop used; each level halves the sides. */
function fullResolution(edges: Edges, scale: number): Bounds | null {
  return boundsOf({
    left: edges.left * scale,
    top: edges.top * scale,
    right: edges.right * scale,
    bottom: edges.bottom * scale,
  });
}

/** The sample value that means 1.0. */
export function rangeOf(data: PixelData): 255 | 32768 | 1 {
  if (data instanceof Uint8Array) return 255;
  return data instanceof Uint16Array ? 32768 : 1;
}
