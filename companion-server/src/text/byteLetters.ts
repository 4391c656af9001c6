/** Marks the last letter of a word in a byte-pair vocabulary. */
export const WORD_END = '</w>';

/**
 * A visible letter for each of the 256 bytes, in the order of CLIP's vocabulary (GPT-2's `bytes_to_unicode`): those that
 * are visible in Latin-1 as they are, then the others as the letters from U+0100 on.
 */
export function byteLetters(): ReadonlyMap<number, string> {
  const visible = [range(0x21, 0x7e), range(0xa1, 0xac), range(0xae, 0xff)].flat();
  const seen = new Set(visible);
  const hidden = range(0, 0xff).filter((byte) => !seen.has(byte));
  return new Map([
    ...visible.map((byte) => [byte, String.fromCharCode(byte)] as const),
    ...hidden.map((byte, index) => [byte, String.fromCharCode(0x100 + index)] as const),
  ]);
}

const range = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);
