import { Cursor, type Range } from './cursor.ts';
import { HEADER_BYTES, type PsdHeader, readHeader } from './header.ts';
import { type LayerSection, readLayerSection } from './layerSection.ts';

/**
 * A PSD or PSB file taken apart (Adobe Photoshop File Formats Specification, 2019). Everything is described by its byte range,
 * so that whatever is not changed can be copied byte for byte.
 */
export interface PsdFile {
  readonly bytes: Uint8Array;
  readonly header: PsdHeader;
  /** Blocks of the image resources, in their order. */
  readonly resources: readonly PsdResource[];
  /** The image resources with their length. */
  readonly resourceSection: Range;
  readonly layers: LayerSection;
  /** The merged picture, from its compression on. */
  readonly merged: Range;
}

export interface PsdResource {
  readonly id: number;
  /** The whole block: signature, id, name, length, padded data. */
  readonly block: Range;
  readonly data: Range;
}

/** @throws RangeError when the file is cut off or says of itself what cannot be */
export function parsePsd(bytes: Uint8Array): PsdFile {
  const header = readHeader(bytes);
  const cursor = new Cursor(bytes, HEADER_BYTES);
  cursor.skip(cursor.u32());
  const start = cursor.at;
  const resources = readResources(cursor.within(cursor.range(cursor.u32())));
  const resourceSection = { start, end: cursor.at };
  const layers = readLayerSection(cursor, header);
  return {
    bytes,
    header,
    resources,
    resourceSection,
    layers,
    merged: { start: cursor.at, end: bytes.length },
  };
}

function readResources(cursor: Cursor): PsdResource[] {
  const resources: PsdResource[] = [];
  while (cursor.left >= 12) {
    const start = cursor.at;
    cursor.skip(4);
    const id = cursor.u16();
    // A Pascal string, padded so that it takes an even number of bytes with its length.
    const name = cursor.u8();
    cursor.skip(name + ((name + 1) & 1));
    const size = cursor.u32();
    const data = cursor.range(size);
    cursor.skip(Math.min(size & 1, cursor.left));
    resources.push({ id, block: { start, end: cursor.at }, data });
  }
  return resources;
}

export function resourceOf({ bytes, resources }: PsdFile, id: number): Uint8Array | null {
  const found = resources.find((resource) => resource.id === id);
  return found === undefined ? null : bytes.subarray(found.data.start, found.data.end);
}
