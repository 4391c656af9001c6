import { ImageError } from './imageError.ts';

/** First bytes of the formats we read: with them, a file that cannot be decoded is damaged rather than foreign. */
const SIGNATURES: ReadonlyArray<readonly [offset: number, bytes: string]> = [
  [0, '\xff\xd8\xff'],
  [0, '\x89PNG'],
  [0, 'II*\0'],
  [0, 'MM\0*'],
  [0, 'GIF8'],
  [8, 'WEBP'],
  [4, 'ftyp'],
];

/** What is often found under the name of a picture. */
const OTHERS: ReadonlyArray<readonly [begins: RegExp, what: string, hint: string]> = [
  [
    /^version https:\/\/git-lfs/,
    'a pointer of Git LFS, not the picture itself',
    'Fetch it with: git lfs pull',
  ],
  [
    /^\s*(<!doctype html|<html)/i,
    'a web page, not a picture',
    'Download the picture itself: the address led to a page about it.',
  ],
  [/^%PDF/, 'a PDF, not a picture', 'Export the page you want as JPEG, PNG or TIFF.'],
  [/^PK/, 'a zip archive, not a picture', 'Unpack it and choose the picture in it.'],
];

/** Why bytes could not be decoded as a picture. */
export function unreadable(name: string, bytes: Uint8Array, cause: unknown): ImageError {
  const head = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  const other = OTHERS.find(([begins]) =>
    begins.test(Buffer.from(bytes.subarray(0, 200)).toString('latin1')),
  );
  if (other !== undefined) {
    return new ImageError('NOT_AN_IMAGE', `${name} is ${other[1]}.`, other[2], cause);
  }
  const known = SIGNATURES.some(([offset, signature]) => head.startsWith(signature, offset));
  if (!known) {
    return new ImageError(
      'NOT_AN_IMAGE',
      `${name} is not a picture that EmoEditor can read (JPEG, PNG, TIFF, WebP, GIF, AVIF or PSD).`,
      'Choose a photograph.',
      cause,
    );
  }
  return new ImageError(
    'TRUNCATED',
    `${name} is damaged or cut off: it begins like a picture but cannot be read to the end.`,
    'Copy or download the file again, or open it in Photoshop and save it anew.',
    cause,
  );
}
