export const total = (parts: readonly Uint8Array[]) =>
  parts.reduce((sum, { length: bytes }) => sum + bytes, 0);

/** A length: 4 bytes, or 8 in some places of a PSB. */
export function length(value: number, isLong: boolean): Buffer {
  const bytes = Buffer.alloc(isLong ? 8 : 4);
  if (isLong) bytes.writeUInt32BE(Math.floor(value / 2 ** 32), 0);
  bytes.writeUInt32BE(value % 2 ** 32, isLong ? 4 : 0);
  return bytes;
}
