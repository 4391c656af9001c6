import {
  encodeDirectory,
  type NewEntry,
} from '@emoeditor/companion-server/imaging/containers/encodeDirectory.ts';
import { withJpegSegments } from '@emoeditor/companion-server/imaging/containers/jpegSegments.ts';
import { tiffTags } from '@emoeditor/companion-server/imaging/containers/tiffTags.ts';
import { segmentOfIptc } from '@emoeditor/companion-server/imaging/metadata/iptc.ts';
import { metadataOf } from '@emoeditor/companion-server/imaging/metadata/pictureMetadata.ts';
import { documentFrom } from '@emoeditor/companion-server/imaging/openDocument.ts';
import { metadataIn } from '@emoeditor/companion-server/imaging/psd/metadataResources.ts';
import { parsePsd } from '@emoeditor/companion-server/imaging/psd/psdFile.ts';
import { annotatedXmp } from '@emoeditor/shared';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { ramp } from './pictures.ts';
import { target } from './psd/documents.ts';

const XMP = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6" dc:format="image/jpeg"/></rdf:RDF></x:xmpmeta>`;
/** Record 2:116, copyright notice. */
const IPTC = Buffer.concat([Buffer.from([0x1c, 2, 116, 0, 7]), Buffer.from('© Ada L')]).subarray(
  0,
  12,
);
const NOTE = { model: 'Starter & more', emotion: 'Awe', seed: 7, intensity: 80 };

/** As a camera writes it: lying, with copyright, date, place and resolution. */
async function photograph(): Promise<Uint8Array> {
  const jpeg = await ramp()
    .withExif({
      IFD0: { Copyright: 'Ada Lovelace', Artist: 'Ada', Orientation: '6' },
      IFD2: { DateTimeOriginal: '1843:12:10 09:08:07' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 2/1' },
    })
    .withMetadata({ orientation: 6, density: 300 })
    .withXmp(XMP)
    .jpeg({ quality: 95 })
    .toBuffer();
  return withJpegSegments(jpeg, [{ marker: 0xed, data: segmentOfIptc(IPTC) }]);
}

const NOTE_OF_MAKER = 'Camera’s own words';

/** The same with a maker's note, which text-based writers of EXIF cannot write. */
async function withNote(): Promise<Uint8Array> {
  const jpeg = Buffer.from(await photograph());
  const { exif } = await readBack(jpeg);
  const tags = tiffTags(exif ?? new Uint8Array());
  const page = tags?.pages[0];
  const details = tags?.directory(page?.numbers(0x8769)[0] ?? 0);
  const bytes = Buffer.from(NOTE_OF_MAKER);
  const entries: NewEntry[] = [
    ...(page?.entries ?? []).filter(({ tag }) => tag !== 0x8769),
    {
      tag: 0x8769,
      directory: [
        ...(details?.entries ?? []),
        { tag: 0x927c, type: 7, count: bytes.length, bytes },
      ],
    },
  ];
  const order = tags?.isLittleEndian === false ? 'big' : 'little';
  const header = Buffer.from(order === 'big' ? 'MM\0*\0\0\0\x08' : 'II*\0\x08\0\0\0', 'latin1');
  const data = Buffer.concat([
    Buffer.from('Exif\0\0', 'latin1'),
    header,
    encodeDirectory(entries, 8, order).bytes,
  ]);
  return withJpegSegments(await ramp().jpeg({ quality: 95 }).toBuffer(), [{ marker: 0xe1, data }]);
}

const saved = async (from: Uint8Array, path: string, note: typeof NOTE | null = NOTE) => {
  const document = await documentFrom(from, 'photo');
  return (await document.encode(document.pixels, { ...target(path), note })).bytes;
};

async function readBack(bytes: Uint8Array) {
  if (Buffer.from(bytes.subarray(0, 4)).toString() === '8BPS') return metadataIn(parsePsd(bytes));
  return metadataOf(bytes, await sharp(bytes).metadata());
}

const ascii = (exif: Uint8Array | null, tag: number, directory?: number) => {
  const tags = tiffTags(exif ?? new Uint8Array());
  const first = tags?.pages[0];
  const offset = directory === undefined ? undefined : first?.numbers(directory)[0];
  const from = offset === undefined ? first : tags?.directory(offset);
  const bytes = from?.entry(tag)?.bytes;
  return bytes === undefined ? null : Buffer.from(bytes).toString().replace(/\0+$/, '');
};

describe('what a photograph says of itself is there after the edit', () => {
  it.each(['jpg', 'png', 'tif', 'psd', 'psb'])('as %s', async (ending) => {
    const { exif, xmp, iptc, density } = await readBack(
      await saved(await photograph(), `o.${ending}`),
    );
    expect(ascii(exif, 0x8298)).toBe('Ada Lovelace');
    expect(ascii(exif, 0x9003, 0x8769)).toBe('1843:12:10 09:08:07');
    expect(ascii(exif, 1, 0x8825)).toBe('N');
    expect(tiffTags(exif ?? new Uint8Array())?.pages[0]?.numbers(0x0112)).toSatisfy(
      (orientation: number[]) => orientation.length === 0 || orientation[0] === 1,
    );
    expect(xmp).toContain('dc:format="image/jpeg"');
    expect(xmp).toContain('tiff:Orientation="1"');
    if (ending !== 'png') expect(Buffer.from(iptc ?? []).equals(IPTC)).toBe(true);
    expect(Math.round(density ?? 0)).toBe(300);
  });

  it.each(['webp', 'avif'])('as %s, the records of IPTC as properties of XMP', async (ending) => {
    const read = await readBack(await saved(await photograph(), `o.${ending}`));
    const { exif, xmp } = read;
    expect(ascii(exif, 0x8298)).toBe('Ada Lovelace');
    expect(ascii(exif, 0x9003, 0x8769)).toBe('1843:12:10 09:08:07');
    expect(ascii(exif, 1, 0x8825)).toBe('N');
    expect(tiffTags(exif ?? new Uint8Array())?.pages[0]?.numbers(0x0112)).toEqual([1]);
    expect(xmp).toContain('emoeditor:Emotion="Awe"');
    expect(xmp).toContain('<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">© Ada ');
  });

  it.each(['jpg', 'webp', 'avif', 'tif'])(
    'every entry of EXIF, makers’ notes too, as %s',
    async (ending) => {
      const before = tiffTags((await readBack(await photograph())).exif ?? new Uint8Array());
      const after = tiffTags(
        (await readBack(await saved(await withNote(), `o.${ending}`))).exif ?? new Uint8Array(),
      );
      const names = (tags: typeof before) => {
        const details = tags?.directory(tags.pages[0]?.numbers(0x8769)[0] ?? 0);
        return new Map(details?.entries.map(({ tag, bytes }) => [tag, Buffer.from(bytes)]));
      };
      expect(names(after).get(0x927c)?.toString()).toBe(NOTE_OF_MAKER);
      for (const tag of names(before).keys()) expect([...names(after).keys()]).toContain(tag);
    },
  );

  it.each(['webp', 'avif'])(
    'the resolution in EXIF as %s, also without other EXIF',
    async (ending) => {
      const bare = await ramp().withDensity(300).jpeg().toBuffer();
      const bytes = await saved(bare, `o.${ending}`);
      const { exif, density } = await readBack(bytes);
      expect(tiffTags(exif ?? new Uint8Array())?.pages[0]?.numbers(0x0128)).toEqual([2]);
      expect(density).toBe(300);
      expect((await readBack(await saved(bytes, 'o.jpg'))).density).toBe(300);
    },
  );

  it.each([true, false])('a WebP is as lossless as it was: %s', async (lossless) => {
    const from = await ramp().webp({ lossless }).toBuffer();
    const bytes = await saved(from, 'o.webp');
    expect((await readBack(bytes)).isLossless).toBe(lossless);
    const [before, after] = [await documentFrom(from, 'a'), await documentFrom(bytes, 'b')];
    if (lossless) expect(after.pixels.data).toEqual(before.pixels.data);
    // What was lossless and is saved in another format is saved as that.
    expect((await readBack(await saved(from, 'o.jpg'))).isLossless).toBe(false);
  });

  it('through a TIFF and back', async () => {
    const tiff = await saved(await photograph(), 'o.tif');
    expect((await sharp(tiff).metadata()).resolutionUnit).toBe('inch');
    const { exif, iptc, density } = await readBack(await saved(tiff, 'o.jpg'));
    expect(ascii(exif, 0x8298)).toBe('Ada Lovelace');
    expect(ascii(exif, 0x9003, 0x8769)).toBe('1843:12:10 09:08:07');
    expect(Buffer.from(iptc ?? []).equals(IPTC)).toBe(true);
    expect(density).toBe(300);
  });

  it('the resolution also where EXIF does not tell it', async () => {
    const bare = await ramp()
      .withExif({ IFD0: { Copyright: 'Ada' } })
      .png()
      .toBuffer();
    const file = await sharp(bare).keepExif().withDensity(300).jpeg().toBuffer();
    const jpeg = Buffer.from(await saved(file, 'o.jpg'));
    expect(jpeg.subarray(2, 6).toString('latin1')).toBe('\xff\xe0\0\x10');
    expect([...jpeg.subarray(13, 18)]).toEqual([1, 1, 44, 1, 44]);
    expect((await sharp(jpeg).metadata()).density).toBe(300);
  });

  it('through a PSD and back, and upright: the picture is turned once', async () => {
    const psd = await saved(await photograph(), 'o.psd');
    const jpeg = await saved(psd, 'o.jpg');
    const metadata = await sharp(jpeg).metadata();
    expect([metadata.width, metadata.height, metadata.orientation]).toEqual([32, 48, 1]);
    expect(metadata.density).toBe(300);
  });

  it('and nothing is made up for one that says nothing', async () => {
    const plain = await ramp().png().toBuffer();
    for (const ending of ['jpg', 'png', 'tif']) {
      const bytes = await saved(plain, `o.${ending}`, null);
      expect(await readBack(bytes)).toMatchObject({ exif: null, xmp: null, iptc: null });
    }
  });
});

describe('the note that a model edited the picture', () => {
  const SOURCE_TYPE = /Iptc4xmpExt:DigitalSourceType="[^"]*compositeWithTrainedAlgorithmicMedia"/g;

  it.each(['jpg', 'png', 'tif', 'webp', 'psd'])('is in a %s', async (ending) => {
    const { xmp } = await readBack(await saved(await ramp().png().toBuffer(), `o.${ending}`));
    expect(xmp).toMatch(SOURCE_TYPE);
    expect(xmp).toContain('emoeditor:Model="Starter &amp; more"');
    expect(xmp).toContain('emoeditor:Seed="7" emoeditor:Intensity="80"');
  });

  it.each(['psd', 'png'])('is in a %s of what is visible of a document, too', async (ending) => {
    const { bytes } = await (await documentFrom(await ramp().png().toBuffer(), 'a.png')).encode(
      (await documentFrom(await ramp().png().toBuffer(), 'a.png')).pixels,
      { path: 'o.psd', layerName: 'Fear', above: null, isSmartObject: false, note: null },
    );
    const document = await documentFrom(bytes, 'a.psd', { kind: 'visible' });
    const save = { layerName: 'Awe', above: null, isSmartObject: false, note: NOTE };
    const seen = await document.encode(document.pixels, { ...save, path: `o.${ending}` });
    expect(Buffer.from(seen.bytes).toString('latin1')).toMatch(SOURCE_TYPE);
  });

  it('is not there when it is switched off', async () => {
    const { xmp } = await readBack(await saved(await photograph(), 'o.jpg', null));
    expect(xmp).not.toMatch(SOURCE_TYPE);
  });

  it('takes the place of an earlier one and of another source type, in either form', () => {
    const others = [
      XMP.replace('dc:format', 'Iptc4xmpExt:DigitalSourceType="http://other" dc:format'),
      XMP.replace(
        '/></rdf:RDF>',
        '><Iptc4xmpExt:DigitalSourceType>http://other</Iptc4xmpExt:DigitalSourceType></rdf:Description></rdf:RDF>',
      ),
    ].map((xmp) =>
      xmp.replace(
        'xmlns:dc',
        'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:dc',
      ),
    );
    for (const packet of [null, XMP, ...others]) {
      const twice = annotatedXmp(annotatedXmp(packet, NOTE), { ...NOTE, emotion: 'Fear' });
      expect(twice.match(/DigitalSourceType/g)).toHaveLength(1);
      expect(twice).toContain('emoeditor:Emotion="Fear"');
      expect(twice).not.toContain('http://other');
      expect(twice.match(/<rdf:Description/g)).toHaveLength(packet === null ? 1 : 2);
    }
  });

  it('leaves what is no packet alone', () => {
    expect(annotatedXmp('<html>', NOTE)).toBe('<html>');
  });
});
