import type { Bounds } from '@emoeditor/shared';

/**
 * Three of Photoshop's own tiles. Measured over the socket (`npm run bench:fullResolution`): larger ones are no faster
 * and only keep the user waiting longer for the first.
 */
export const TILE_SIDE = 768;

/** Cuts an area into tiles of at most `side` × `side`, row by row. */
export function tilesOf(area: Bounds, side: number = TILE_SIDE): Bounds[] {
  const tiles: Bounds[] = [];
  for (let top = 0; top < area.height; top += side) {
    for (let left = 0; left < area.width; left += side) {
      tiles.push({
        left: area.left + left,
        top: area.top + top,
        width: Math.min(side, area.width - left),
        height: Math.min(side, area.height - top),
      });
    }
  }
  return tiles;
}
