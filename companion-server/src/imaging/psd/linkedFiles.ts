import { Cursor } from './cursor.ts';
import { readBlocks } from './layerSection.ts';
import { length } from './lengths.ts';

/** The document's block of embedded files. */
const KEY = 'lnk2';

/**
 * The end of the layer section, from the global layer mask on, with one more embedded file: at the end of the block that
 * lists them, or in a block of its own.
 */
export function withLinkedFile(rest: Uint8Array, linked: Buffer, isLarge: boolean): Uint8Array[] {
  const cursor = new Cursor(rest);
  if (cursor.left >= 4) cursor.skip(Math.min(cursor.u32(), cursor.left));
  const found = readBlocks(cursor, isLarge).find(({ key }) => key === KEY);
  if (found === undefined) {
    const head = Buffer.from(`${isLarge ? '8B64' : '8BIM'}${KEY}`, 'latin1');
    const fill = Buffer.alloc((4 - (rest.length & 3)) & 3);
    return [rest, fill, head, length(linked.length, isLarge), linked];
  }
  const { start, end } = found.data;
  const lengthAt = start - (isLarge ? 8 : 4);
  const fill = Buffer.alloc((4 - ((end - start) & 3)) & 3);
  return [
    rest.subarray(0, lengthAt),
    length(end - start + fill.length + linked.length, isLarge),
    rest.subarray(start, end),
    fill,
    linked,
    rest.subarray(Math.min(rest.length, end + fill.length)),
  ];
}
