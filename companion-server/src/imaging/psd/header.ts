import { Cursor } from './cursor.ts';

export interface PsdHeader {
  /** PSB, Photoshop's large document: some lengths have 8 bytes, rows of RLE 4. */
  readonly isLarge: boolean;
  readonly channels: number;
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly mode: number;
}

export const HEADER_BYTES = 26;

/** @throws RangeError when the bytes are no header */
export function readHeader(bytes: Uint8Array): PsdHeader {
  const cursor = new Cursor(bytes);
  if (cursor.text(4) !== '8BPS') throw new RangeError('Expected the signature 8BPS.');
  const version = cursor.u16();
  if (version !== 1 && version !== 2) {
    throw new RangeError(`Expected version 1 or 2 but received ${version}.`);
  }
  cursor.skip(6);
  const channels = cursor.u16();
  const height = cursor.u32();
  const width = cursor.u32();
  return {
    isLarge: version === 2,
    channels,
    width,
    height,
    depth: cursor.u16(),
    mode: cursor.u16(),
  };
}
