import type { TiffDirectory } from './containers/tiffTags.ts';

const BITS_PER_SAMPLE = 258;
const COMPRESSION = 259;
const PHOTOMETRIC = 262;
const SAMPLES_PER_PIXEL = 277;
const PLANAR_CONFIGURATION = 284;
const SAMPLE_FORMAT = 339;

const SIGNED = 2;
const YCBCR = 6;
const LAB: ReadonlySet<number> = new Set([8, 9, 10]);
const SEPARATE_PLANES = 2;
const OLD_JPEG = 6;
const JPEG = 7;
/** None, CCITT, LZW, JPEG, Deflate, PackBits, Zstandard, WebP. */
const COMPRESSIONS: ReadonlySet<number> = new Set([
  1, 2, 3, 4, 5, 7, 8, 32946, 32773, 50000, 50001,
]);

/** Why a page would be decoded wrongly or not at all, as the end of a sentence that begins with its name. */
export function tiffObstacle(page: TiffDirectory): string | null {
  const first = (tag: number, usual: number) => page.numbers(tag)[0] ?? usual;
  const bits = first(BITS_PER_SAMPLE, 1);
  if (first(SAMPLE_FORMAT, 1) === SIGNED) {
    return `has signed samples of ${bits} bits, whose white nothing tells`;
  }
  if (bits > 16) return `has ${bits} bits per channel; files can be read with 8 or 16`;
  const colours = first(PHOTOMETRIC, -1);
  if (LAB.has(colours)) return 'is in Lab; EmoEditor edits RGB pictures';
  // The decoder takes them for red, green and blue.
  if (colours === YCBCR && first(PLANAR_CONFIGURATION, 1) === SEPARATE_PLANES) {
    return 'holds brightness and colour (YCbCr) in separate planes, which the decoder here cannot read';
  }
  return null;
}

/** What the decoder may not know of a page, in the same form: the reason if it cannot be decoded. */
export function tiffOddity(page: TiffDirectory): string | null {
  const first = (tag: number, usual: number) => page.numbers(tag)[0] ?? usual;
  const bits = first(BITS_PER_SAMPLE, 1);
  const compression = first(COMPRESSION, 1);
  if (bits !== 8 && bits !== 16) {
    return `has ${bits} ${bits === 1 ? 'bit' : 'bits'} per channel; files can be read with 8 or 16`;
  }
  if (compression === OLD_JPEG) {
    return 'is compressed with the JPEG of TIFF 6.0 (“old-style”), which the decoder here cannot read';
  }
  if (compression === JPEG && bits !== 8) {
    return `is compressed with a JPEG of ${bits} bits per channel, which the decoder here cannot read`;
  }
  if (!COMPRESSIONS.has(compression)) {
    return `has the compression number ${compression}, which the decoder here does not know`;
  }
  if (page.numbers(PHOTOMETRIC).length === 0) {
    return `does not say what its ${first(SAMPLES_PER_PIXEL, 1)} channels are (the tag PhotometricInterpretation is missing)`;
  }
  return null;
}
