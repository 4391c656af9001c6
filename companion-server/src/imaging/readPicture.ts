import { fromBytes, type PixelBuffer, type PixelFormat, SRGB_PROFILE } from '@emoeditor/shared';
import sharp, { type Metadata, type Sharp } from 'sharp';
import { spaceOfProfile } from './colourProfiles.ts';
import { profileName } from './iccProfile.ts';
import { ImageError } from './imageError.ts';
import { checkSize } from './limits.ts';
import type { SourceImage } from './sourceImage.ts';

const FORMATS: readonly string[] = ['jpeg', 'png', 'tiff', 'webp', 'gif', 'heif', 'avif', 'jp2'];
const OPEN_IN_PHOTOSHOP = 'Open it in Photoshop and save it as JPEG, PNG or TIFF.';

/**
 * Decodes a picture: JPEG, PNG, TIFF, WebP, GIF or AVIF; 8 or 16 bits per channel.
 * CMYK, greyscale, palettes and unknown profiles are converted and noted; animations are refused.
 * @param name what the user calls the file; begins every message
 * @throws ImageError NOT_AN_IMAGE, TRUNCATED, EMPTY, TOO_SMALL, TOO_LARGE, ANIMATED, UNSUPPORTED
 */
export async function readPicture(bytes: Uint8Array, name: string): Promise<SourceImage> {
  if (bytes.length === 0) {
    throw new ImageError('EMPTY', `${name} is empty (0 bytes).`, 'Choose another file.');
  }
  const image = sharp(bytes, { failOn: 'error', limitInputPixels: false });
  const metadata = await image.metadata().catch((cause: unknown) => {
    throw unreadable(name, bytes, cause);
  });
  checkKind(name, metadata);
  checkSize(name, metadata);
  const icc = metadata.icc ?? null;
  const iccName = icc === null ? null : (profileName(icc) ?? 'unnamed profile');
  const notes: string[] = [];
  const space = icc === null ? null : spaceOfProfile(icc);
  const native = isRgb(metadata) && (icc === null || space !== null);
  const upright = prepare(image, metadata, native, iccName, name, notes);
  const pixels = await decode(upright, metadata, native ? (space?.name ?? null) : null).catch(
    (cause: unknown) => {
      throw unreadable(name, bytes, cause);
    },
  );
  return { pixels, icc: native ? icc : null, density: metadata.density ?? null, notes };
}

function isRgb({ space }: Metadata): boolean {
  return space === 'srgb' || space === 'rgb' || space === 'rgb16';
}

function checkKind(name: string, { format, pages, depth }: Metadata): void {
  if (!FORMATS.includes(format)) {
    throw new ImageError(
      'UNSUPPORTED',
      `${name} is a ${format.toUpperCase()} file; EmoEditor edits photographs in JPEG, PNG, TIFF, WebP, GIF, AVIF or PSD.`,
      OPEN_IN_PHOTOSHOP,
    );
  }
  if ((pages ?? 1) > 1) {
    const what = format === 'tiff' ? `has ${pages} pages` : `is an animation of ${pages} frames`;
    throw new ImageError(
      'ANIMATED',
      `${name} ${what}; EmoEditor edits one picture at a time.`,
      'Save the frame you want as a picture of its own.',
    );
  }
  if (depth === 'float' || depth === 'double' || depth === 'complex') {
    throw new ImageError(
      'UNSUPPORTED',
      `${name} has 32 bits per channel; files can be read with 8 or 16.`,
      'Convert it to 16 bits per channel in Photoshop, or edit it there with the panel.',
    );
  }
}

/** Upright, in RGB, in the file's own space where we know it and in sRGB otherwise. */
function prepare(
  image: Sharp,
  metadata: Metadata,
  native: boolean,
  iccName: string | null,
  name: string,
  notes: string[],
): Sharp {
  const upright = image.autoOrient();
  if (metadata.isPalette) notes.push(`${name} had a palette; it was expanded to full colour.`);
  // Keeping the profile is libvips' way of saying: do not convert.
  if (native) return upright.keepIccProfile();
  if (metadata.space === 'cmyk') {
    notes.push(`${name} was in CMYK; it was converted to sRGB and is saved so.`);
  } else if (!isRgb(metadata)) {
    notes.push(`${name} was greyscale; it was converted to RGB and is saved so.`);
  } else {
    notes.push(
      `${name} was in the colour profile “${iccName}”; it was converted to sRGB and is saved so.`,
    );
  }
  return iccName === null ? upright : upright.withIccProfile('srgb');
}

/** @param profile name of the profile the samples are in; null for sRGB */
async function decode(
  image: Sharp,
  { depth }: Metadata,
  profile: string | null,
): Promise<PixelBuffer> {
  const wide = depth === 'ushort';
  const { data, info } = await image
    .toColourspace(wide ? 'rgb16' : 'srgb')
    .raw({ depth: wide ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const channels = info.channels === 4 ? 4 : 3;
  if (info.channels < 3) {
    throw new Error(`expected 3 or 4 channels after conversion but received ${info.channels}`);
  }
  const format: PixelFormat = {
    width: info.width,
    height: info.height,
    channels,
    sample: wide ? 'uint16' : 'uint8',
    range: wide ? 65535 : 255,
    profile: profile ?? SRGB_PROFILE,
  };
  return fromBytes(format, data);
}

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

function unreadable(name: string, bytes: Uint8Array, cause: unknown): ImageError {
  const head = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
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
