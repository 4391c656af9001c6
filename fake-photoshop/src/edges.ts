/** A rectangle as Photoshop writes it: right and bottom are outside. */
export interface Edges {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export const widthOf = ({ left, right }: Edges): number => Math.max(0, right - left);
export const heightOf = ({ top, bottom }: Edges): number => Math.max(0, bottom - top);
export const isEmpty = (edges: Edges): boolean => widthOf(edges) === 0 || heightOf(edges) === 0;
export const EMPTY: Edges = { left: 0, top: 0, right: 0, bottom: 0 };

export function intersect(a: Edges, b: Edges): Edges {
  const both = {
    left: Math.max(a.left, b.left),
    top: Math.max(a.top, b.top),
    right: Math.min(a.right, b.right),
    bottom: Math.min(a.bottom, b.bottom),
  };
  return isEmpty(both) ? EMPTY : both;
}

/** The smallest rectangle around both; an empty one adds nothing. */
export function union(a: Edges, b: Edges): Edges {
  if (isEmpty(a)) return b;
  if (isEmpty(b)) return a;
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}
