import { documentFrom } from '@emoeditor/companion-server/imaging/openDocument.ts';
import { ICC_RESOURCE } from '@emoeditor/companion-server/imaging/psd/metadataResources.ts';
import { parsePsd, resourceOf } from '@emoeditor/companion-server/imaging/psd/psdFile.ts';
import { spliced } from '@emoeditor/companion-server/imaging/psd/splice.ts';
import type { Layer } from 'ag-psd';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { ramp, rampBytes } from '../pictures.ts';
import { edited, named, names, pixelLayer, psdFile, read, target } from './documents.ts';

describe('a layered document', () => {
  const file = psdFile([
    pixelLayer('Below', 10),
    {
      name: 'Group',
      children: [pixelLayer('Photo', 90), pixelLayer('Above', 200, { hidden: true })],
    },
  ]);

  it('gives the topmost visible pixel layer, or the one named', async () => {
    const top = await documentFrom(file, 'a.psd');
    expect(top.layer).toBe('Photo');
    expect(top.pixels.data[2]).toBe(90);
    expect((await documentFrom(file, 'a.psd', named('Below'))).pixels.data[2]).toBe(10);
  });

  it('gets the new layer directly above its source', async () => {
    const { bytes } = await edited(file, { choice: named('Photo'), change: () => 77 });
    const after = read(bytes);
    expect(names(after.children)).toEqual(['Below', 'Group']);
    expect(names(after.children?.[1]?.children)).toEqual(['Photo', 'Awe · 100 %', 'Above']);
    expect(after.children?.[1]?.children?.[1]?.imageData?.data[0]).toBe(77);
    expect(after.children?.[1]?.children?.[2]?.hidden).toBe(true);
  });

  it('keeps the place of a layer that is smaller than the document', async () => {
    const small = pixelLayer('Patch', 5, { left: 7, top: -3 });
    const bytes = psdFile([pixelLayer('Below', 10), small], { width: 100, height: 80 });
    const after = read((await edited(bytes, { choice: named('Patch') })).bytes);
    expect(after.children?.[2]).toMatchObject({ name: 'Awe · 100 %', left: 7, top: -3 });
  });

  it('keeps the ICC profile, which names the space of the pixels', async () => {
    const icc = (await sharp(await ramp().withIccProfile('p3').png().toBuffer()).metadata()).icc!;
    const plain = parsePsd(psdFile([pixelLayer('Photo', 90)]));
    const tagged = spliced(plain, {
      layers: { above: 0, encoded: [], linked: null },
      hidden: null,
      resources: new Map([[ICC_RESOURCE, icc]]),
      merged: null,
    });
    const document = await documentFrom(tagged, 'a.psd');
    expect(document.pixels.format.profile).toBe('Display P3');
    const { bytes } = await document.encode(document.pixels, target());
    const kept = resourceOf(parsePsd(bytes), ICC_RESOURCE);
    expect(Buffer.from(kept!).equals(icc)).toBe(true);
    expect(names(read(bytes).children)).toEqual(['Photo', 'Awe · 100 %']);
  });

  it('can be written as a flat picture of the edited layer', async () => {
    const { bytes, notes } = await edited(file, { save: target('o.png') });
    expect((await sharp(bytes).metadata()).format).toBe('png');
    expect(notes[0]).toMatch(/edited layer alone/);
  });

  it('stays what it is: a PSD does not become a PSB, nor the other way round', async () => {
    const large = psdFile([pixelLayer('Photo', 90)], { psb: true });
    const [psd, psb] = [await documentFrom(file, 'a.psd'), await documentFrom(large, 'a.psb')];
    for (const path of ['o.psd', 'o.png']) expect(() => psd.checkOutput(path)).not.toThrow();
    for (const path of ['o.psb', 'o.tif']) expect(() => psb.checkOutput(path)).not.toThrow();
    expect(() => psb.checkOutput('o.psd')).toThrow(/a\.psb is a large document.*\.psb/);
    expect(() => psd.checkOutput('o.psb')).toThrow(/a\.psd is a PSD and stays one/);
  });

  it('can be edited as it is seen, with the result on top', async () => {
    const stack = psdFile([pixelLayer('Photo', 90), pixelLayer('Half', 200, { opacity: 0.5 })], {
      imageData: pixelLayer('', 145).imageData!,
    });
    const document = await documentFrom(stack, 'a.psd', { kind: 'visible' });
    expect(document.pixels.data[2]).toBe(145);
    const { bytes } = await edited(stack, { choice: { kind: 'visible' }, change: () => 3 });
    expect(names(read(bytes).children)).toEqual(['Photo', 'Half', 'Awe · 100 %']);
    expect(read(bytes).imageData?.data[2]).toBe(3);
  });
});

describe('a photograph saved as PSD', () => {
  it('becomes a document with the photograph below and the edit above', async () => {
    const photograph = await ramp().png().toBuffer();
    const { bytes } = await edited(photograph, { change: () => 9, save: target('o.psd', 'Fear') });
    const after = read(bytes);
    expect(names(after.children)).toEqual(['Background', 'Fear']);
    expect(after.children?.[0]?.imageData?.data[0]).toBe(rampBytes()[0]);
    expect(after.imageData?.data[0]).toBe(9);
  });

  it('keeps its 16 bits, and can be edited again', async () => {
    const samples = Uint16Array.from(rampBytes(), (value, i) => value * 257 - (i % 7));
    const raw = { width: 48, height: 32, channels: 3 } as const;
    const photograph = await sharp(samples, { raw }).toColourspace('rgb16').png().toBuffer();
    for (const ending of ['psd', 'psb']) {
      const save = target(`o.${ending}`, 'Fear · 80 %');
      const first = await edited(photograph, { change: (value) => value ^ 5, save });
      const document = await documentFrom(first.bytes, 'o.psd');
      expect(document).toMatchObject({ layer: 'Background', pixels: { format: { range: 65535 } } });
      const rgb = document.pixels.data.filter((_, i) => i % 4 !== 3);
      expect([...rgb]).toEqual([...samples]);
      const second = await edited(first.bytes);
      const tree = parsePsd(second.bytes).layers.list;
      expect(tree).toMatchObject({ key: 'Lr16', count: 3 });
      const result = await documentFrom(second.bytes, 'o.psd', named('Fear · 80 %'));
      expect(result.pixels.data[0]).toBe((samples[0] as number) ^ 5);
    }
  });

  it('with transparency has its result clipped to it, and the colours lie over white', async () => {
    const rgba = rampBytes(48, 32, 4);
    for (let i = 3; i < rgba.length; i += 4) rgba[i] = 100;
    const raw = { width: 48, height: 32, channels: 4 } as const;
    const { bytes } = await edited(await sharp(rgba, { raw }).png().toBuffer(), {
      change: () => 0,
    });
    const after = read(bytes);
    expect(after.children?.map(({ name, clipping }) => [name, clipping])).toEqual([
      ['Layer 0', false],
      ['Awe · 100 %', true],
    ]);
    expect(after.children?.[0]?.imageData?.data[3]).toBe(100);
    expect(after.children?.[1]?.imageData?.data[3]).toBe(255);
  });
});

describe('documents that are refused in a sentence', () => {
  const patched = (at: number, value: number) => {
    const bytes = Buffer.from(psdFile([pixelLayer('Photo', 90)]));
    bytes.writeUInt16BE(value, at);
    return bytes;
  };
  const group = { name: 'Group', children: [pixelLayer('Photo', 90)] } as Layer;
  const unmerged = () => {
    const file = parsePsd(psdFile([pixelLayer('Photo', 90)]));
    return spliced(file, {
      layers: { above: 0, encoded: [], linked: null },
      hidden: null,
      resources: new Map([[1057, Buffer.from([0, 0, 0, 1, 0, 0, 0, 0])]]),
      merged: null,
    });
  };
  type Case = [string, Uint8Array, Parameters<typeof documentFrom>[2], string, RegExp];
  const cases: Case[] = [
    ['1 bit', patched(22, 1), undefined, 'UNSUPPORTED', /1 bits per channel.*8, 16 and 32/],
    ['CMYK', patched(24, 4), undefined, 'UNSUPPORTED', /a\.psd is in CMYK/],
    [
      'truncated',
      psdFile([pixelLayer('Photo', 90)]).subarray(0, 300),
      undefined,
      'TRUNCATED',
      /cut off/,
    ],
    [
      'without the end of its merged picture',
      psdFile([pixelLayer('Photo', 90)]).subarray(0, -100),
      undefined,
      'TRUNCATED',
      /cut off/,
    ],
    ['truncated in the header', Buffer.from('8BPS\0\x01'), undefined, 'TRUNCATED', /cut off/],
    [
      'no such layer',
      psdFile([pixelLayer('Photo', 90)]),
      named('Sky'),
      'LAYER_NOT_FOUND',
      /no layer named “Sky”.*“Photo”/,
    ],
    ['a group', psdFile([group]), named('Group'), 'LAYER_NOT_PIXELS', /“Group”.*is a group; files/],
    [
      'nothing visible',
      psdFile([pixelLayer('Photo', 90, { hidden: true })]),
      undefined,
      'LAYER_NOT_PIXELS',
      /no visible pixel layer/,
    ],
    [
      'no merged picture where that is asked for',
      unmerged(),
      { kind: 'visible' },
      'UNSUPPORTED',
      /saved without a merged picture/,
    ],
  ];
  it.each(cases)('%s', async (_name, bytes, choice, code, message) => {
    await expect(documentFrom(bytes, 'a.psd', choice)).rejects.toEqual(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });

  it('a layer of a flat picture', async () => {
    const file = await ramp().png().toBuffer();
    await expect(documentFrom(file, 'p.png', named('Sky'))).rejects.toEqual(
      expect.objectContaining({ code: 'LAYER_NOT_FOUND' }),
    );
  });
});
