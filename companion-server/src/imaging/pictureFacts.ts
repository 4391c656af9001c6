import { jpegSegments } from './containers/jpegSegments.ts';
import { pngChunks } from './containers/pngChunks.ts';
import { type TiffDirectory, tiffTags } from './containers/tiffTags.ts';
import { tiffObstacle, tiffOddity } from './tiffObstacles.ts';

/** What a file says of its picture that the decoder does not tell. */
export interface PictureFacts {
  /** Why the picture cannot be edited, as the end of a sentence that begins with its name; null when it can. */
  readonly obstacle: string | null;
  /** What the decoder may not know of the picture, in the same form: the reason if it cannot be decoded. */
  readonly oddity: string | null;
  /** Frames of an animated PNG. */
  readonly frames: number;
  /** Pages of a TIFF that are pictures of their own; null for other formats. */
  readonly pages: readonly number[] | null;
  /** Place among the channels of a TIFF that is transparency: null for none, `undefined` when the decoder knows. */
  readonly alphaAt: number | null | undefined;
  /** Channels of a TIFF beyond colour and transparency. */
  readonly extraChannels: number;
  /** Colour by numbers (ITU-T H.273) in place of a profile. */
  readonly colour: { readonly primaries: number; readonly transfer: number } | null;
  /** A PNG says its gamma or primaries in numbers, other than those of sRGB, and has no profile. */
  readonly hasOtherGamma: boolean;
}

const NOTHING: PictureFacts = {
  obstacle: null,
  oddity: null,
  frames: 1,
  pages: null,
  alphaAt: undefined,
  extraChannels: 0,
  colour: null,
  hasOtherGamma: false,
};

const text = (bytes: Uint8Array, from: number, to: number) =>
  Buffer.from(bytes.subarray(from, to)).toString('latin1');

export function pictureFacts(bytes: Uint8Array): PictureFacts {
  const head = text(bytes, 0, 16);
  if (head.startsWith('\x89PNG')) return pngFacts(bytes);
  if (head.startsWith('\xff\xd8\xff')) return { ...NOTHING, obstacle: jpegObstacle(bytes) };
  if (/^(II\*\0|MM\0\*)/.test(head)) return tiffFacts(bytes);
  if (head.startsWith('ftyp', 4)) return { ...NOTHING, colour: isoColour(bytes) };
  if (head.startsWith('\xff\x0a') || head.startsWith('JXL ', 4)) {
    return { ...NOTHING, obstacle: 'is a JPEG XL picture, which the decoder here cannot read' };
  }
  return NOTHING;
}

function pngFacts(bytes: Uint8Array): PictureFacts {
  const chunks = pngChunks(bytes);
  const data = (type: string) => chunks.find((chunk) => chunk.type === type)?.data;
  const number = (type: string, at = 0) => {
    const found = data(type);
    return found === undefined || found.length < at + 4
      ? null
      : Buffer.from(found).readUInt32BE(at);
  };
  const cicp = data('cICP');
  const isTold = cicp !== undefined || data('iCCP') !== undefined || data('sRGB') !== undefined;
  const gamma = number('gAMA');
  const red = number('cHRM', 8);
  return {
    ...NOTHING,
    frames: number('acTL') ?? 1,
    colour:
      cicp === undefined || cicp.length < 2
        ? null
        : { primaries: cicp[0] as number, transfer: cicp[1] as number },
    // sRGB: 1 / 2.2, and red at x = 0.64.
    hasOtherGamma:
      !isTold &&
      ((gamma !== null && Math.abs(gamma - 45_455) > 500) ||
        (red !== null && Math.abs(red - 64_000) > 1000)),
  };
}

/** Start-of-frame markers: baseline, extended and progressive are what is read. */
function jpegObstacle(bytes: Uint8Array): string | null {
  for (const { marker, data } of jpegSegments(bytes)) {
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (!isFrame) continue;
    const precision = data[0] ?? 8;
    if (precision !== 8) {
      return `is a JPEG of ${precision} bits per channel, which the decoder here cannot read`;
    }
    const isLossless = (marker & 3) === 3;
    return isLossless ? 'is a lossless JPEG, which the decoder here cannot read' : null;
  }
  return null;
}

const SUBFILE_TYPE = 254;
const SAMPLES_PER_PIXEL = 277;
const EXTRA_SAMPLES = 338;
const DNG_VERSION = 50_706;

function tiffFacts(bytes: Uint8Array): PictureFacts {
  const tags = tiffTags(bytes);
  const [first] = tags?.pages ?? [];
  if (tags === null || first === undefined) return NOTHING;
  const isRaw = first.entry(DNG_VERSION) !== undefined || text(bytes, 8, 10) === 'CR';
  // Bit 0: a smaller version of another page, such as a thumbnail. Bit 2: a transparency mask.
  const whole = tags.pages.flatMap((page, i) =>
    ((page.numbers(SUBFILE_TYPE)[0] ?? 0) & 5) === 0 ? [i] : [],
  );
  const pages = whole.length === 0 ? [0] : whole;
  const page = tags.pages[pages[0] as number] as TiffDirectory;
  const extras = page.numbers(EXTRA_SAMPLES);
  const channels = page.numbers(SAMPLES_PER_PIXEL)[0] ?? 1;
  const alpha = extras.findIndex((kind) => kind === 1 || kind === 2);
  return {
    ...NOTHING,
    obstacle: isRaw
      ? 'is a camera’s raw file, which has to be developed first'
      : tiffObstacle(page),
    oddity: tiffOddity(page),
    pages,
    alphaAt:
      extras.length === 0 ? undefined : alpha === -1 ? null : channels - extras.length + alpha,
    extraChannels: extras.length - (alpha === -1 ? 0 : 1),
  };
}

/** The numbers of an AVIF or HEIF: the box `colr` of the kind `nclx`, among the properties at the beginning. */
function isoColour(bytes: Uint8Array): PictureFacts['colour'] {
  const head = Buffer.from(bytes.subarray(0, 65_536));
  const at = head.indexOf('colrnclx', 0, 'latin1');
  if (at === -1 || at + 12 > head.length) return null;
  return { primaries: head.readUInt16BE(at + 8), transfer: head.readUInt16BE(at + 10) };
}
