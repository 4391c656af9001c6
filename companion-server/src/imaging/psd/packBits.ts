/** PackBits, the run-length encoding of TIFF 6.0 section 9, which PSD uses row by row. */

/** Worst case: one length byte for every 128 bytes. */
export const packedLimit = (bytes: number) => bytes + Math.ceil(bytes / 128);

/** Encodes one row into `out` from `at` on. @returns where it ends */
export function packRow(row: Uint8Array, out: Uint8Array, at: number): number {
  let to = at;
  let from = 0;
  while (from < row.length) {
    const run = runLength(row, from);
    if (run >= 3) {
      out[to++] = 257 - run;
      out[to++] = row[from] as number;
      from += run;
      continue;
    }
    let end = from + run;
    while (end < row.length && end - from < 128 && runLength(row, end) < 3) end++;
    end = Math.min(end, from + 128);
    out[to++] = end - from - 1;
    out.set(row.subarray(from, end), to);
    to += end - from;
    from = end;
  }
  return to;
}

function runLength(row: Uint8Array, from: number): number {
  const value = row[from];
  const limit = Math.min(row.length, from + 128);
  let end = from + 1;
  while (end < limit && row[end] === value) end++;
  return end - from;
}

/**
 * Decodes one row into `out`, which it fills.
 * @throws RangeError when the bytes give more or less than that
 */
export function unpackRow(packed: Uint8Array, out: Uint8Array): void {
  let from = 0;
  let to = 0;
  while (to < out.length && from < packed.length) {
    const head = packed[from++] as number;
    if (head === 128) continue;
    const count = head < 128 ? head + 1 : 257 - head;
    if (to + count > out.length) break;
    if (head < 128) {
      if (from + count > packed.length) break;
      out.set(packed.subarray(from, from + count), to);
      from += count;
    } else {
      if (from >= packed.length) break;
      out.fill(packed[from++] as number, to, to + count);
    }
    to += count;
  }
  if (to !== out.length) {
    throw new RangeError(`Expected a row of ${out.length} bytes but the runs give ${to}.`);
  }
}
