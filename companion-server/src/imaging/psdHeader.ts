import type { Extent } from '@emoeditor/shared';
import { ImageError } from './imageError.ts';
import { checkSize } from './limits.ts';

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

export function isPsd(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 4)).toString('latin1') === '8BPS';
}

/**
 * Refuses what could not be written back as it was.
 * @throws ImageError TRUNCATED, TOO_SMALL, TOO_LARGE, UNSUPPORTED
 */
export function checkPsdHeader(bytes: Uint8Array, name: string): Extent {
  if (bytes.length < 40) throw damagedPsd(name);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const depth = view.getUint16(22);
  const mode = view.getUint16(24);
  const extent = { width: view.getUint32(18), height: view.getUint32(14) };
  checkSize(name, extent);
  if (mode !== RGB) {
    throw new ImageError(
      'UNSUPPORTED',
      `${name} is in ${MODES[mode] ?? `color mode ${mode}`}; EmoEditor edits RGB documents.`,
      'Choose Image › Mode › RGB Color in Photoshop and save again.',
    );
  }
  if (depth !== 8) {
    throw new ImageError(
      'UNSUPPORTED',
      `${name} has ${depth} bits per channel; PSD files can be read and written with 8.`,
      'Edit it inside Photoshop with the panel, which keeps all bits, or save the layer as a 16-bit TIFF.',
    );
  }
  return extent;
}

export function damagedPsd(name: string, cause?: unknown): ImageError {
  return new ImageError(
    'TRUNCATED',
    `${name} is damaged or cut off: it begins like a Photoshop document but cannot be read to the end.`,
    'Open it in Photoshop and save it anew.',
    cause,
  );
}
