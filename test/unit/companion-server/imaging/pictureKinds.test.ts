import {
  type PngChunk,
  withPngChunks,
} from '@emoeditor/companion-server/imaging/containers/pngChunks.ts';
import { readPicture } from '@emoeditor/companion-server/imaging/readPicture.ts';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { meanDifference, ramp, rampBytes } from './pictures.ts';
import { smallTiff } from './smallTiff.ts';

const png = () => ramp().png().toBuffer();
const chunk = (type: string, ...data: number[]): PngChunk => ({ type, data: Buffer.from(data) });
const longs = (...values: number[]) => values.flatMap((v) => [v >>> 24, v >>> 16, v >>> 8, v]);
const refused = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

describe('pictures that the decoder would take wrongly are refused for what they are', () => {
  it.each<[string, () => Promise<Uint8Array> | Uint8Array, string, RegExp]>([
    [
      'an animated PNG',
      async () => withPngChunks(await png(), [chunk('acTL', ...longs(3, 0))]),
      'ANIMATED',
      /animation of 3 frames/,
    ],
    [
      'PQ by numbers',
      async () => withPngChunks(await png(), [chunk('cICP', 9, 16, 0, 1)]),
      'UNSUPPORTED',
      /HDR picture \(PQ\)/,
    ],
    [
      'HLG by numbers',
      async () => withPngChunks(await png(), [chunk('cICP', 9, 18, 0, 1)]),
      'UNSUPPORTED',
      /HDR picture \(HLG\)/,
    ],
    [
      'primaries of BT.2020',
      async () => withPngChunks(await png(), [chunk('cICP', 9, 1, 0, 1)]),
      'UNSUPPORTED',
      /numbers 9 and 1/,
    ],
    [
      'a JPEG of 12 bits',
      async () => {
        const jpeg = await ramp().jpeg().toBuffer();
        jpeg[jpeg.indexOf(Buffer.from([0xff, 0xc0])) + 4] = 12;
        return jpeg;
      },
      'UNSUPPORTED',
      /JPEG of 12 bits per channel/,
    ],
    ['a JPEG XL', () => Buffer.from('\xff\x0a........', 'latin1'), 'UNSUPPORTED', /JPEG XL/],
    [
      'a TIFF of 32-bit integers',
      () => smallTiff({ bits: 32 }),
      'UNSUPPORTED',
      /32 bits per channel/,
    ],
    [
      'a TIFF of signed integers',
      () => smallTiff({ bits: 16, sampleFormat: 2 }),
      'UNSUPPORTED',
      /signed samples of 16 bits/,
    ],
    ['a TIFF of 12 bits', () => smallTiff({ bits: 12 }), 'UNSUPPORTED', /12 bits per channel/],
    ['a TIFF in Lab', () => smallTiff({ fields: { 262: 8 } }), 'UNSUPPORTED', /is in Lab/],
    [
      'a TIFF of YCbCr in planes, which would be taken for RGB',
      () => smallTiff({ fields: { 262: 6, 284: 2 } }),
      'UNSUPPORTED',
      /\(YCbCr\) in separate planes/,
    ],
    [
      'a TIFF with the JPEG of TIFF 6.0',
      () => smallTiff({ fields: { 259: 6 } }),
      'UNSUPPORTED',
      /old-style/,
    ],
    [
      'a TIFF with a JPEG of 16 bits',
      () => smallTiff({ bits: 16, fields: { 259: 7 } }),
      'UNSUPPORTED',
      /JPEG of 16 bits per channel/,
    ],
    [
      'a TIFF with a compression of somebody’s own',
      () => smallTiff({ fields: { 259: 50013 } }),
      'UNSUPPORTED',
      /compression number 50013/,
    ],
    [
      'a TIFF that does not say what its channels are',
      () => smallTiff({ fields: { 262: null } }),
      'UNSUPPORTED',
      /3 channels.*PhotometricInterpretation/,
    ],
    ['a raw file', () => smallTiff({ isDng: true }), 'UNSUPPORTED', /camera’s raw file/],
    ['a TIFF of two pages', () => smallTiff({ pages: [0, 0] }), 'ANIMATED', /has 2 pages/],
    [
      'a pointer of Git LFS',
      () =>
        Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n'),
      'NOT_AN_IMAGE',
      /pointer of Git LFS/,
    ],
    ['a web page', () => Buffer.from('<!DOCTYPE html><html>'), 'NOT_AN_IMAGE', /web page/],
    ['a zip archive', () => Buffer.from('PK\x03\x04.......'), 'NOT_AN_IMAGE', /zip archive/],
  ])('%s', async (_, make, code, message) => {
    await expect(readPicture(await make(), 'a.pic')).rejects.toEqual(refused(code, message));
  });
});

describe('pictures that say more than the decoder hears', () => {
  it('Display P3 by numbers is taken for that', async () => {
    const file = withPngChunks(await png(), [chunk('cICP', 12, 13, 0, 1)]);
    const { pixels, icc, notes } = await readPicture(file, 'a.png');
    expect(pixels.format.profile).toBe('Display P3');
    expect(icc).not.toBeNull();
    expect(notes).toEqual([]);
    expect(meanDifference(pixels.data, rampBytes())).toBe(0);
  });

  it('a gamma of its own is noted, that of sRGB is not', async () => {
    const plain = await png();
    const linear = withPngChunks(plain, [chunk('gAMA', ...longs(100_000))]);
    expect((await readPicture(linear, 'a.png')).notes[0]).toMatch(/gamma.*taken for sRGB/);
    const usual = withPngChunks(plain, [chunk('gAMA', ...longs(45_455))]);
    expect((await readPicture(usual, 'a.png')).notes).toEqual([]);
  });

  it.each<[string, number[], number]>([
    ['transparency alone', [2], 0],
    ['one that is not transparency', [0], 1],
    ['transparency and a selection', [2, 0], 1],
    ['a selection and then transparency', [0, 2], 1],
    ['two selections', [0, 0], 2],
  ])('extra channels of a TIFF: %s', async (_, extraSamples, left) => {
    const { pixels, notes } = await readPicture(smallTiff({ extraSamples }), 'a.tif');
    const at = extraSamples.indexOf(2);
    expect(pixels.format.channels).toBe(at === -1 ? 3 : 4);
    // smallTiff counts up: sample k of pixel i is 8 i + k.
    const expected = at === -1 ? [8, 9, 10] : [8, 9, 10, 11 + at];
    const { channels } = pixels.format;
    expect([...pixels.data.slice(channels, channels * 2)]).toEqual(expected);
    expect(notes).toHaveLength(left === 0 ? 0 : 1);
    if (left > 0) expect(notes[0]).toMatch(left === 1 ? /an extra channel/ : /2 extra channels/);
  });

  it('a thumbnail is no second page, wherever it stands', async () => {
    for (const pages of [
      [0, 1],
      [1, 0],
    ]) {
      const { pixels } = await readPicture(smallTiff({ pages }), 'a.tif');
      expect(pixels.format).toMatchObject({ width: 20, height: 16 });
      expect(pixels.data[3]).toBe(8);
    }
  });

  it('a picture of one frame that could be an animation is a picture', async () => {
    const file = withPngChunks(await png(), [chunk('acTL', ...longs(1, 0))]);
    expect((await readPicture(file, 'a.png')).pixels.format.width).toBe(48);
    expect((await sharp(file).metadata()).width).toBe(48);
  });
});
