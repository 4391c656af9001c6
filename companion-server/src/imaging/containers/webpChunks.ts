/**
 * The WebP with that EXIF in place of the one it has.
 * @param exif EXIF in the form of a TIFF, without a prefix, as the container's specification has it
 * @see https://developers.google.com/speed/webp/docs/riff_container
 */
export function withWebpExif(webp: Uint8Array, exif: Uint8Array): Uint8Array {
  const file = Buffer.from(webp.buffer, webp.byteOffset, webp.byteLength);
  for (let at = 12; at + 8 <= file.length; ) {
    const size = file.readUInt32LE(at + 4);
    const end = at + 8 + size + (size & 1);
    if (file.toString('latin1', at, at + 4) === 'EXIF') {
      const head = Buffer.from('EXIF\0\0\0\0', 'latin1');
      head.writeUInt32LE(exif.length, 4);
      // Chunks have an even length; the byte that fills them up is not counted.
      const chunk = [head, exif, Buffer.alloc(exif.length & 1)];
      const whole = Buffer.concat([file.subarray(0, at), ...chunk, file.subarray(end)]);
      whole.writeUInt32LE(whole.length - 8, 4);
      return whole;
    }
    at = end;
  }
  return webp;
}
