import type { Content, LayerContent } from './content.ts';
import { type Edges, intersect, widthOf } from './edges.ts';
import { type FlatPicture, flatten } from './flatten.ts';
import { CHUNK, type Depth } from './raster.ts';

/** A document as a view shows it. */
interface Shown {
  readonly content: Content;
  readonly facts: { readonly width: number; readonly height: number; readonly depth: Depth };
}

interface Kept {
  readonly facts: Shown['facts'];
  readonly rgba: FlatPicture['rgba'];
  /** Key of the layers' content in each square when it was flattened. */
  readonly squares: Map<string, readonly unknown[]>;
}

/**
 * Flattens documents. Of a document it has flattened before, only the squares that changed are drawn again: an edit
 * arrives in many tiles, and drawing the whole picture for each takes longer than computing the tiles.
 * The picture is valid until the next call, which draws into the same memory.
 */
export function createFlattener(): (shown: Shown) => FlatPicture {
  let kept: Kept | null = null;
  return ({ content, facts }) => {
    const { width, height, depth } = facts;
    if (kept === null || !isAlike(kept.facts, facts)) {
      kept = { facts, rgba: new Uint8ClampedArray(width * height * 4), squares: new Map() };
    }
    const whole = { left: 0, top: 0, right: width, bottom: height };
    for (let row = 0; row * CHUNK < height; row++) {
      for (let column = 0; column * CHUNK < width; column++) {
        const key = `${column},${row}`;
        const parts = [...partsOf(content.layers, column, row)];
        if (isSame(parts, kept.squares.get(key))) continue;
        kept.squares.set(key, parts);
        const square = intersect(whole, squareAt(column, row));
        put(kept, flatten(content, depth, square), square);
      }
    }
    return { width, height, rgba: kept.rgba };
  };
}

/** Everything that decides how a square looks; pixels by the arrays that they are in, which never change. */
function* partsOf(
  layers: readonly LayerContent[],
  column: number,
  row: number,
): Generator<unknown> {
  for (const layer of layers) {
    const { pixels, mask, vectorMask } = layer;
    yield layer.kind;
    yield layer.visible;
    yield layer.opacity;
    yield layer.fillOpacity;
    yield layer.blendsClippedAsGroup;
    yield layer.isClippingMask;
    yield layer.isMaskEnabled;
    yield pixels.chunkAt(column, row);
    for (const one of [mask, vectorMask]) {
      yield one?.blank;
      yield one?.chunkAt(column, row);
    }
    yield layer.children.length;
    yield* partsOf(layer.children, column, row);
  }
}

const isSame = (parts: readonly unknown[], before: readonly unknown[] | undefined): boolean =>
  parts.length === before?.length && parts.every((part, i) => part === before[i]);

const isAlike = (a: Shown['facts'], b: Shown['facts']): boolean =>
  a.width === b.width && a.height === b.height && a.depth === b.depth;

const squareAt = (column: number, row: number): Edges => ({
  left: column * CHUNK,
  top: row * CHUNK,
  right: (column + 1) * CHUNK,
  bottom: (row + 1) * CHUNK,
});

function put({ facts, rgba }: Kept, square: FlatPicture, { left, top, ...edges }: Edges): void {
  const row = widthOf({ left, top, ...edges }) * 4;
  for (let y = 0; y < square.height; y++) {
    const from = y * row;
    rgba.set(square.rgba.subarray(from, from + row), ((top + y) * facts.width + left) * 4);
  }
}
