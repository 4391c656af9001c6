/**
 * Image resources of a PSD file (Adobe Photoshop File Formats Specification, "Image Resources Section"),
 * as raw blocks: ag-psd drops those it does not know, the ICC profile among them.
 */
export interface PsdResource {
  readonly id: number;
  /** The whole block: signature, id, name, length, padded data. */
  readonly block: Uint8Array;
  readonly data: Uint8Array;
}

export const ICC_RESOURCE = 1039;
/** Blocks that describe the old state of the file: thumbnails, layer state, layer groups, selected layers, groups enabled. */
const STALE: readonly number[] = [1033, 1036, 1024, 1026, 1069, 1072];

/** Where the section begins and how long its content is. */
function section(view: DataView): { lengthAt: number; start: number; length: number } {
  const colourMode = view.getUint32(26);
  const lengthAt = 30 + colourMode;
  return { lengthAt, start: lengthAt + 4, length: view.getUint32(lengthAt) };
}

export function psdResources(file: Uint8Array): PsdResource[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const { start, length } = section(view);
  const resources: PsdResource[] = [];
  let at = start;
  while (at + 12 <= start + length) {
    const id = view.getUint16(at + 4);
    const nameLength = (view.getUint8(at + 6) + 2) & ~1;
    const sizeAt = at + 6 + nameLength;
    const size = view.getUint32(sizeAt);
    const end = sizeAt + 4 + size + (size & 1);
    if (end > start + length) break;
    resources.push({
      id,
      block: file.subarray(at, end),
      data: file.subarray(sizeAt + 4, sizeAt + 4 + size),
    });
    at = end;
  }
  return resources;
}

/** Puts those resources of `original` into `written` that it has lost. */
export function keepResources(written: Uint8Array, original: Uint8Array): Uint8Array {
  const present = new Set(psdResources(written).map(({ id }) => id));
  const missing = psdResources(original).filter(
    ({ id }) => !present.has(id) && !STALE.includes(id),
  );
  return insertBlocks(
    written,
    missing.map(({ block }) => block),
  );
}

/** Adds one resource without a name. */
export function addResource(written: Uint8Array, id: number, data: Uint8Array): Uint8Array {
  const block = Buffer.alloc(12 + data.length + (data.length & 1));
  block.write('8BIM', 0, 'latin1');
  block.writeUInt16BE(id, 4);
  block.writeUInt32BE(data.length, 8);
  block.set(data, 12);
  return insertBlocks(written, [block]);
}

function insertBlocks(written: Uint8Array, blocks: readonly Uint8Array[]): Uint8Array {
  const view = new DataView(written.buffer, written.byteOffset, written.byteLength);
  const { lengthAt, start, length } = section(view);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(length + blocks.reduce((sum, block) => sum + block.length, 0));
  return Buffer.concat([
    written.subarray(0, lengthAt),
    size,
    written.subarray(start, start + length),
    ...blocks,
    written.subarray(start + length),
  ]);
}
