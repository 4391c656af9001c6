import { ImageError } from '../imageError.ts';
import { checkSize } from '../limits.ts';
import { type PsdHeader, readHeader } from './header.ts';

const MODES: Readonly<Record<number, string>> = {
  0: 'Bitmap',
  1: 'Greyscale',
  2: 'Indexed Color',
  4: 'CMYK',
  7: 'Multichannel',
  8: 'Duotone',
  9: 'Lab',
};
const RGB = 3;

/** True for PSD and PSB. */
export function isPsd(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 4)).toString('latin1') === '8BPS';
}

/** @throws ImageError TRUNCATED, TOO_SMALL, TOO_LARGE, UNSUPPORTED */
export function checkPsdHeader(bytes: Uint8Array, name: string): PsdHeader {
  if (bytes.length < 40) throw damagedPsd(name);
  let header: PsdHeader;
  try {
    header = readHeader(bytes);
  } catch (cause) {
    throw damagedPsd(name, cause);
  }
  checkSize(name, header);
  if (header.mode !== RGB) {
    throw new ImageError(
      'UNSUPPORTED',
      `${name} is in ${MODES[header.mode] ?? `color mode ${header.mode}`}; EmoEditor edits RGB documents.`,
      'Choose Image › Mode › RGB Color in Photoshop and save again.',
    );
  }
  if (![8, 16, 32].includes(header.depth)) {
    throw new ImageError(
      'UNSUPPORTED',
      `${name} has ${header.depth} bits per channel; EmoEditor edits 8, 16 and 32.`,
      'Choose Image › Mode › 16 Bits/Channel in Photoshop and save a copy.',
    );
  }
  return header;
}

export function damagedPsd(name: string, cause?: unknown): ImageError {
  return new ImageError(
    'TRUNCATED',
    `${name} is damaged or cut off: it begins like a Photoshop document but cannot be read to the end.`,
    'Open it in Photoshop and save it anew.',
    cause,
  );
}
