import { fromBytes, type PixelBuffer, type PixelFormat, SRGB_PROFILE } from '@emoeditor/shared';
import sharp, { type Metadata, type Sharp } from 'sharp';
import { type RgbSpace, spaceOfProfile } from './colourProfiles.ts';
import { encodeIccProfile } from './encodeIccProfile.ts';
import { profileName } from './iccProfile.ts';
import { ImageError } from './imageError.ts';
import { checkSize } from './limits.ts';
import { metadataOf } from './metadata/pictureMetadata.ts';
import { numberedColour } from './numberedColour.ts';
import { type PictureFacts, pictureFacts } from './pictureFacts.ts';
import type { SourceImage } from './sourceImage.ts';
import { unreadable } from './unreadablePicture.ts';

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
  const facts = pictureFacts(bytes);
  if (facts.obstacle !== null) throw unsupported(`${name} ${facts.obstacle}.`);
  const page = facts.pages?.[0] ?? 0;
  const image = sharp(bytes, { failOn: 'error', limitInputPixels: false, page });
  const undecodable = (cause: unknown): never => {
    throw facts.oddity === null
      ? unreadable(name, bytes, cause)
      : unsupported(`${name} ${facts.oddity}.`, cause);
  };
  const metadata = await image.metadata().catch(undecodable);
  checkKind(name, metadata, facts);
  checkSize(name, metadata);
  const numbered = spaceByNumbers(name, metadata, facts);
  const icc = metadata.icc ?? (numbered === null ? null : encodeIccProfile(numbered));
  const iccName = icc === null ? null : (profileName(icc) ?? 'unnamed profile');
  const notes = [...notesOn(name, facts)];
  const space = icc === null ? null : spaceOfProfile(icc);
  const native = isRgb(metadata) && (icc === null || space !== null);
  const upright = prepare(image, metadata, native, iccName, name, notes);
  const profile = native ? (space?.name ?? null) : null;
  const pixels = await decode(upright, metadata, facts, profile).catch(undecodable);
  return { pixels, icc: native ? icc : null, metadata: metadataOf(bytes, metadata), notes };
}

const unsupported = (message: string, cause?: unknown) =>
  new ImageError('UNSUPPORTED', message, OPEN_IN_PHOTOSHOP, cause);

/** The space of a picture without a profile that tells it by numbers; null for what is sRGB anyhow. */
function spaceByNumbers(
  name: string,
  { icc }: Metadata,
  { colour }: PictureFacts,
): RgbSpace | null {
  if (colour === null) return null;
  const space = numberedColour(colour);
  // An HDR curve counts even beside a profile, which is then for programs that know no HDR.
  if (typeof space === 'string') throw unsupported(`${name} ${space}.`);
  return icc !== undefined || space.name === SRGB_PROFILE ? null : space;
}

function* notesOn(name: string, { extraChannels, hasOtherGamma }: PictureFacts): Generator<string> {
  if (extraChannels > 0) {
    const what = extraChannels === 1 ? 'an extra channel' : `${extraChannels} extra channels`;
    yield `${name} has ${what} beside colour and transparency, such as a saved selection; it is left out of the edit and of what is saved.`;
  }
  if (hasOtherGamma) {
    yield `${name} tells a gamma or primaries of its own without a profile; it was taken for sRGB.`;
  }
}

function isRgb({ space }: Metadata): boolean {
  return space === 'srgb' || space === 'rgb' || space === 'rgb16';
}

function checkKind(
  name: string,
  { format, depth, compression, ...metadata }: Metadata,
  facts: PictureFacts,
): void {
  const pages = facts.pages?.length ?? (facts.frames > 1 ? facts.frames : (metadata.pages ?? 1));
  if (compression === 'hevc') {
    throw unsupported(
      `${name} is an HEIC picture coded in HEVC, as phones save them; its decoder is not free to ship, so it cannot be read here.`,
    );
  }
  if (!FORMATS.includes(format)) {
    throw new ImageError(
      'UNSUPPORTED',
      `${name} is a ${format.toUpperCase()} file; EmoEditor edits photographs in JPEG, PNG, TIFF, WebP, GIF, AVIF or PSD.`,
      OPEN_IN_PHOTOSHOP,
    );
  }
  if (pages > 1) {
    const what = format === 'tiff' ? `has ${pages} pages` : `is an animation of ${pages} frames`;
    throw new ImageError(
      'ANIMATED',
      `${name} ${what}; EmoEditor edits one picture at a time.`,
      'Save the frame you want as a picture of its own.',
    );
  }
  if (depth !== 'uchar' && depth !== 'ushort') {
    throw new ImageError(
      'UNSUPPORTED',
      `${name} has samples of the type ${depth}; files can be read with 8 or 16 bits per channel.`,
      'Convert it to 16 bits per channel in Photoshop.',
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
  metadata: Metadata,
  { alphaAt }: PictureFacts,
  profile: string | null,
): Promise<PixelBuffer> {
  const wide = metadata.depth === 'ushort';
  const { data, info } = await image
    .toColourspace(wide ? 'rgb16' : 'srgb')
    .raw({ depth: wide ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (info.channels < 3) {
    throw new Error(`expected 3 or 4 channels after conversion but received ${info.channels}`);
  }
  const alpha = alphaIndex(info.channels, metadata, alphaAt);
  const channels = alpha === null ? 3 : 4;
  const format: PixelFormat = {
    width: info.width,
    height: info.height,
    channels,
    sample: wide ? 'uint16' : 'uint8',
    range: wide ? 65535 : 255,
    profile: profile ?? SRGB_PROFILE,
  };
  if (info.channels === channels) return fromBytes(format, data);
  const bytesPerSample = wide ? 2 : 1;
  const wanted = alpha === null ? [0, 1, 2] : [0, 1, 2, alpha];
  return fromBytes(format, pickChannels(data, info.channels, wanted, bytesPerSample));
}

/** Where transparency is among the channels after the conversion to RGB; null for none. */
function alphaIndex(
  count: number,
  { channels }: Metadata,
  alphaAt: PictureFacts['alphaAt'],
): number | null {
  if (alphaAt === null || count === 3) return null;
  // Extra channels come last, before and after the conversion of the colours.
  return alphaAt === undefined ? 3 : alphaAt - channels + count;
}

function pickChannels(
  data: Uint8Array,
  channels: number,
  wanted: readonly number[],
  bytesPerSample: number,
): Uint8Array {
  const pixels = data.length / (channels * bytesPerSample);
  const out = new Uint8Array(pixels * wanted.length * bytesPerSample);
  let to = 0;
  for (let i = 0; i < pixels; i++) {
    for (const channel of wanted) {
      const from = (i * channels + channel) * bytesPerSample;
      for (let k = 0; k < bytesPerSample; k++) out[to++] = data[from + k] as number;
    }
  }
  return out;
}
