import type { Bounds } from '@emoeditor/shared';

/** A rectangle as Photoshop writes it. */
export interface Edges {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The whole pixels that a rectangle touches; null when it has no area. */
export function boundsOf(edges: Edges): Bounds | null {
  const left = Math.floor(edges.left);
  const top = Math.floor(edges.top);
  const width = Math.ceil(edges.right) - left;
  const height = Math.ceil(edges.bottom) - top;
  return width > 0 && height > 0 ? { left, top, width, height } : null;
}

export function edgesOf({ left, top, width, height }: Bounds): Edges {
  return { left, top, right: left + width, bottom: top + height };
}

export function intersection(a: Bounds, b: Bounds): Bounds | null {
  const [one, other] = [edgesOf(a), edgesOf(b)];
  return boundsOf({
    left: Math.max(one.left, other.left),
    top: Math.max(one.top, other.top),
    right: Math.min(one.right, other.right),
    bottom: Math.min(one.bottom, other.bottom),
  });
}

export function shifted(bounds: Bounds, dx: number, dy: number): Bounds {
  return { ...bounds, left: bounds.left + dx, top: bounds.top + dy };
}

export function isWithin(inner: Bounds, outer: Bounds): boolean {
  const [one, other] = [edgesOf(inner), edgesOf(outer)];
  return (
    one.left >= other.left &&
    one.top >= other.top &&
    one.right <= other.right &&
    one.bottom <= other.bottom
  );
}

/** Larger by so many pixels on each side. */
export function grown({ left, top, width, height }: Bounds, by: number): Bounds {
  return { left: left - by, top: top - by, width: width + 2 * by, height: height + 2 * by };
}
