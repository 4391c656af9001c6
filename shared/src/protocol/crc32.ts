const SLICES = 8;

/** Slicing-by-8 tables of CRC-32 (IEEE 802.3, reflected polynomial 0xEDB88320), one after another. */
function makeTables(): Uint32Array {
  const tables = new Uint32Array(SLICES * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    tables[byte] = crc;
  }
  for (let index = 256; index < tables.length; index += 1) {
    const previous = tables[index - 256] as number;
    tables[index] = (previous >>> 8) ^ (tables[previous & 255] as number);
  }
  return tables;
}

const TABLES = makeTables();

/** CRC-32 as zlib and PNG compute it. Eight bytes a turn: tiles are hundreds of megabytes. */
export function crc32(bytes: Uint8Array): number {
  const table = TABLES;
  const end = bytes.length;
  let crc = 0xffffffff;
  let at = 0;
  // Every index is in range by construction, so the casts only silence noUncheckedIndexedAccess.
  for (; at + 8 <= end; at += 8) {
    crc ^=
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    crc =
      (table[1792 + (crc & 255)] as number) ^
      (table[1536 + ((crc >>> 8) & 255)] as number) ^
      (table[1280 + ((crc >>> 16) & 255)] as number) ^
      (table[1024 + (crc >>> 24)] as number) ^
      (table[768 + (bytes[at + 4] as number)] as number) ^
      (table[512 + (bytes[at + 5] as number)] as number) ^
      (table[256 + (bytes[at + 6] as number)] as number) ^
      (table[bytes[at + 7] as number] as number);
  }
  for (; at < end; at += 1) {
    crc = (crc >>> 8) ^ (table[(crc ^ (bytes[at] as number)) & 255] as number);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
