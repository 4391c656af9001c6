const SIGNATURE = 'Photoshop 3.0\0';
const IPTC_RESOURCE = 0x0404;

/** IPTC records out of a JPEG's APP13 segment, whose content is Photoshop's image resources. */
export function iptcOfSegment(segment: Uint8Array): Uint8Array | null {
  const bytes = Buffer.from(segment);
  // Some decoders hand the records out without Photoshop's wrapping; they begin with the tag marker 0x1c.
  if (bytes[0] === 0x1c) return bytes;
  let at = bytes.indexOf('8BIM', 0, 'latin1');
  while (at !== -1 && at + 12 <= bytes.length) {
    const id = bytes.readUInt16BE(at + 4);
    const name = bytes[at + 6] as number;
    const sizeAt = at + 7 + name + ((name + 1) & 1);
    if (sizeAt + 4 > bytes.length) return null;
    const size = bytes.readUInt32BE(sizeAt);
    if (id === IPTC_RESOURCE) return bytes.subarray(sizeAt + 4, sizeAt + 4 + size);
    at = bytes.indexOf('8BIM', sizeAt + 4 + size, 'latin1');
  }
  return null;
}

/** The content of such a segment. */
export function segmentOfIptc(records: Uint8Array): Buffer {
  const block = Buffer.alloc(12 + records.length + (records.length & 1));
  block.write('8BIM', 0, 'latin1');
  block.writeUInt16BE(IPTC_RESOURCE, 4);
  block.writeUInt32BE(records.length, 8);
  block.set(records, 12);
  return Buffer.concat([Buffer.from(SIGNATURE, 'latin1'), block]);
}
