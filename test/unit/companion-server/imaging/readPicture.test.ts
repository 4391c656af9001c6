import { NO_METADATA } from '@emoeditor/companion-server/imaging/metadata/pictureMetadata.ts';
import { readPicture } from '@emoeditor/companion-server/imaging/readPicture.ts';
import { writePicture } from '@emoeditor/companion-server/imaging/writePicture.ts';
import { SRGB_PROFILE } from '@emoeditor/shared';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { meanDifference, ramp, rampBytes } from './pictures.ts';

const refused = (code: string, message: RegExp) =>
  expect.objectContaining({
    code,
    message: expect.stringMatching(message),
    hint: expect.stringMatching(/\w.*\.$/),
  });

describe('pictures that are read', () => {
  it.each([
    ['png', () => ramp().png(), 0],
    ['jpeg', () => ramp().jpeg({ quality: 95, chromaSubsampling: '4:4:4' }), 1.5],
    ['tiff', () => ramp().tiff({ compression: 'lzw' }), 0],
    ['webp', () => ramp().webp({ lossless: true }), 0],
  ] as const)('%s gives its pixels', async (_format, make, tolerance) => {
    const { pixels, notes } = await readPicture(await make().toBuffer(), 'photo');
    expect(pixels.format).toEqual({
      width: 48,
      height: 32,
      channels: 3,
      sample: 'uint8',
      range: 255,
      profile: SRGB_PROFILE,
    });
    expect(notes).toEqual([]);
    expect(meanDifference(pixels.data, rampBytes())).toBeLessThanOrEqual(tolerance);
  });

  it('16-bit PNG and TIFF keep their 16 bits', async () => {
    const samples = Uint16Array.from(rampBytes(), (value, i) => value * 257 + (i % 7));
    for (const ending of ['png', 'tif']) {
      const pixels = {
        format: {
          width: 48,
          height: 32,
          channels: 3,
          sample: 'uint16',
          range: 65535,
          profile: SRGB_PROFILE,
        } as const,
        data: samples,
      };
      const file = await writePicture(pixels, null, NO_METADATA, `deep.${ending}`);
      const back = await readPicture(file, 'deep');
      expect(back.pixels.format).toEqual(pixels.format);
      expect([...back.pixels.data]).toEqual([...samples]);
    }
  });

  it('turns a picture upright by its EXIF orientation', async () => {
    const file = await ramp().withMetadata({ orientation: 6 }).jpeg({ quality: 100 }).toBuffer();
    const { pixels } = await readPicture(file, 'phone.jpg');
    expect([pixels.format.width, pixels.format.height]).toEqual([32, 48]);
    // Orientation 6 turns clockwise: the left column becomes the top row.
    expect(pixels.data[0]).toBeLessThan(12);
    expect(pixels.data[1]).toBeGreaterThan(235);
  });

  it('keeps an ICC profile and the samples in it', async () => {
    const p3 = await ramp().withIccProfile('p3').png().toBuffer();
    const raw = await sharp(p3).keepIccProfile().raw().toBuffer();
    const source = await readPicture(p3, 'phone.png');
    expect(source.icc).not.toBeNull();
    expect(meanDifference(source.pixels.data, raw)).toBe(0);
    expect(source.pixels.format.profile).toBe('Display P3');
    const written = await writePicture(
      source.pixels,
      source.icc,
      { ...NO_METADATA, density: 300 },
      'out.png',
    );
    const metadata = await sharp(written).metadata();
    expect(metadata.icc?.equals(Buffer.from(source.icc ?? []))).toBe(true);
    expect(metadata.density).toBe(300);
    expect(meanDifference(await sharp(written).keepIccProfile().raw().toBuffer(), raw)).toBe(0);
  });

  it('keeps alpha', async () => {
    const data = rampBytes(48, 32, 4);
    for (let i = 3; i < data.length; i += 8) data[i] = 40;
    const file = await sharp(data, { raw: { width: 48, height: 32, channels: 4 } })
      .png()
      .toBuffer();
    const { pixels } = await readPicture(file, 'cutout.png');
    expect(pixels.format.channels).toBe(4);
    expect(meanDifference(pixels.data, data)).toBe(0);
    const out = await writePicture(pixels, null, NO_METADATA, 'out.png');
    expect(meanDifference(await sharp(out).raw().toBuffer(), data)).toBe(0);
  });
});

describe('pictures that are converted, and say so', () => {
  it('CMYK', async () => {
    const file = await ramp().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
    expect((await sharp(file).metadata()).space).toBe('cmyk');
    const { pixels, notes, icc } = await readPicture(file, 'print.jpg');
    expect(pixels.format).toMatchObject({ channels: 3, profile: SRGB_PROFILE });
    expect(icc).toBeNull();
    expect(notes).toEqual(['print.jpg was in CMYK; it was converted to sRGB and is saved so.']);
    expect(meanDifference(pixels.data, rampBytes())).toBeLessThan(40);
  });

  it('greyscale, 8 and 16 bit', async () => {
    for (const space of ['b-w', 'grey16'] as const) {
      const file = await ramp().toColourspace(space).png().toBuffer();
      const { pixels, notes } = await readPicture(file, 'old.png');
      expect(pixels.format.channels).toBe(3);
      expect(pixels.data[30]).toBe(pixels.data[31]);
      expect(notes).toEqual(['old.png was greyscale; it was converted to RGB and is saved so.']);
    }
  });

  it('palette', async () => {
    const file = await ramp().png({ palette: true, colours: 16 }).toBuffer();
    const { pixels, notes } = await readPicture(file, 'icon.png');
    expect(pixels.format.channels).toBe(3);
    expect(notes).toEqual(['icon.png had a palette; it was expanded to full colour.']);
  });

  it('a profile that we do not know', async () => {
    const tagged = await ramp().withIccProfile('p3').png().toBuffer();
    const icc = (await sharp(tagged).metadata()).icc ?? Buffer.alloc(0);
    // Another red primary: a space that has no name.
    const unknown = Buffer.from(icc);
    const redXyz = unknown.indexOf('XYZ ', unknown.readUInt32BE(unknown.indexOf('rXYZ') + 4));
    unknown.writeInt32BE(unknown.readInt32BE(redXyz + 8) - 4000, redXyz + 8);
    const pixels = (await readPicture(tagged, 'a.png')).pixels;
    const file = await writePicture(pixels, unknown, NO_METADATA, 'b.png');
    const source = await readPicture(file, 'b.png');
    expect(source.notes[0]).toMatch(/colour profile “.+”; it was converted to sRGB/);
    expect(source.icc).toBeNull();
    const difference = meanDifference(source.pixels.data, rampBytes());
    expect(difference).toBeGreaterThan(0.5);
    expect(difference).toBeLessThan(12);
  });
});

describe('pictures that are refused in a sentence', () => {
  const read = (bytes: Uint8Array, name: string) => readPicture(bytes, name);

  it('no bytes', async () => {
    await expect(read(new Uint8Array(0), 'a.jpg')).rejects.toEqual(
      refused('EMPTY', /a\.jpg is empty/),
    );
  });
  it('not an image', async () => {
    await expect(read(Buffer.from('Dear diary, today I'), 'a.jpg')).rejects.toEqual(
      refused('NOT_AN_IMAGE', /a\.jpg is not a picture/),
    );
  });
  it.each(['jpeg', 'png', 'tiff', 'webp'] as const)('truncated %s', async (format) => {
    const file = await ramp(400, 300).toFormat(format).toBuffer();
    await expect(read(file.subarray(0, file.length / 2), 'cut')).rejects.toEqual(
      refused('TRUNCATED', /cut is damaged or cut off/),
    );
  });
  it('0 × 0', async () => {
    const file = Buffer.from(await ramp().png().toBuffer());
    file.writeUInt32BE(0, 16);
    file.writeUInt32BE(0, 20);
    await expect(read(file, 'void.png')).rejects.toEqual(refused('TRUNCATED', /void\.png/));
  });
  it('1 × 1', async () => {
    await expect(read(await ramp(1, 1).png().toBuffer(), 'dot.png')).rejects.toEqual(
      refused('TOO_SMALL', /dot\.png is 1 × 1 pixel; EmoEditor needs at least 16/),
    );
  });
  it('60,000 px wide', async () => {
    const file = await sharp({
      create: { width: 60_000, height: 20, channels: 3, background: '#888' },
    })
      .png()
      .toBuffer();
    await expect(read(file, 'scan.png')).rejects.toEqual(
      refused('TOO_LARGE', /scan\.png is 60,000 × 20 pixels; .*30,000/),
    );
  });
  it('animated', async () => {
    const file = await sharp(
      [await ramp().png().toBuffer(), await ramp().negate().png().toBuffer()],
      {
        join: { animated: true },
      },
    )
      .gif()
      .toBuffer();
    await expect(read(file, 'cat.gif')).rejects.toEqual(
      refused('ANIMATED', /cat\.gif is an animation of 2 frames/),
    );
  });
  it('a drawing', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"/>');
    await expect(read(svg, 'logo.svg')).rejects.toEqual(
      refused('UNSUPPORTED', /logo\.svg is a SVG file/),
    );
  });
  it('an ending that nothing writes', async () => {
    const { pixels } = await read(await ramp().png().toBuffer(), 'a.png');
    await expect(writePicture(pixels, null, NO_METADATA, 'out.doc')).rejects.toEqual(
      refused('CANNOT_WRITE', /out\.doc/),
    );
  });
});
