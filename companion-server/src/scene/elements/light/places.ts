import type { Extent } from '@emoeditor/shared';
import type { ElementTile } from '../elementRenderer.ts';

/** Where the pixels of a tile lie: centres of its columns and rows, in shares of the document's long side. */
export interface Places {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** The long side in pixels. */
  readonly side: number;
  /** Size of the document in shares of its long side; one of both is 1. */
  readonly width: number;
  readonly height: number;
}

/** A size in shares of its long side. */
export function inLongSides({ width, height }: Extent): Extent {
  const side = Math.max(width, height);
  return { width: width / side, height: height / side };
}

export function placesOf({ bounds, extent }: Pick<ElementTile, 'bounds' | 'extent'>): Places {
  const side = Math.max(extent.width, extent.height);
  const centres = (from: number, count: number) =>
    Float64Array.from({ length: count }, (_, i) => (from + i + 0.5) / side);
  return {
    x: centres(bounds.left, bounds.width),
    y: centres(bounds.top, bounds.height),
    side,
    ...inLongSides(extent),
  };
}
