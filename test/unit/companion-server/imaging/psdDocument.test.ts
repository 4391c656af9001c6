import { documentFrom } from '@emoeditor/companion-server/imaging/openDocument.ts';
import {
  addResource,
  ICC_RESOURCE,
  psdResources,
} from '@emoeditor/companion-server/imaging/psdResources.ts';
import { type Layer, type Psd, readPsd, writePsdUint8Array } from 'ag-psd';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { ramp, rampBytes } from './pictures.ts';

const WIDTH = 48;
const HEIGHT = 32;

function pixelLayer(name: string, value: number, extra: Partial<Layer> = {}): Layer {
  const data = new Uint8ClampedArray(rampBytes(WIDTH, HEIGHT, 4));
  for (let i = 2; i < data.length; i += 4) data[i] = value;
  return { name, imageData: { width: WIDTH, height: HEIGHT, data }, ...extra };
}

function psdFile(children: Layer[], extra: Partial<Psd> = {}): Uint8Array {
  return writePsdUint8Array(
    { width: WIDTH, height: HEIGHT, children, ...extra },
    { noBackground: true },
  );
}

const read = (bytes: Uint8Array) => readPsd(bytes, { useImageData: true });
const names = (layers: Layer[] | undefined) => layers?.map(({ name }) => name);

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
    expect((await documentFrom(file, 'a.psd', 'Below')).pixels.data[2]).toBe(10);
  });

  it('is written back with the new layer directly above its source, all else as it was', async () => {
    const document = await documentFrom(file, 'a.psd', 'Photo');
    const result = { ...document.pixels, data: new Uint8Array(document.pixels.data).fill(77) };
    const { bytes } = await document.encode(result, { path: 'out.psd', layerName: 'Awe 1' });
    const before = read(file);
    const after = read(bytes);
    expect(names(after.children)).toEqual(['Below', 'Group']);
    expect(names(after.children?.[1]?.children)).toEqual(['Photo', 'Awe 1', 'Above']);
    expect(after.children?.[1]?.children?.[1]?.imageData?.data[0]).toBe(77);
    expect(after.children?.[1]?.children?.[2]?.hidden).toBe(true);
    for (const [a, b] of [
      [before.children?.[0], after.children?.[0]],
      [before.children?.[1]?.children?.[0], after.children?.[1]?.children?.[0]],
      [before.children?.[1]?.children?.[1], after.children?.[1]?.children?.[2]],
    ]) {
      expect(Buffer.compare(Buffer.from(a!.imageData!.data), Buffer.from(b!.imageData!.data))).toBe(
        0,
      );
    }
  });

  it('keeps the place of a layer that is smaller than the document', async () => {
    const small = pixelLayer('Patch', 5, { left: 7, top: -3 });
    const bytes = psdFile([pixelLayer('Below', 10), small], { width: 100, height: 80 });
    const document = await documentFrom(bytes, 'a.psd', 'Patch');
    const { bytes: out } = await document.encode(document.pixels, {
      path: 'o.psd',
      layerName: 'New',
    });
    expect(read(out).children?.[2]).toMatchObject({ name: 'New', left: 7, top: -3 });
  });

  it('redraws the flattened preview', async () => {
    const document = await documentFrom(psdFile([pixelLayer('Photo', 90)]), 'a.psd');
    const result = { ...document.pixels, data: new Uint8Array(document.pixels.data).fill(255) };
    const { bytes, notes } = await document.encode(result, { path: 'o.psd', layerName: 'New' });
    expect(notes).toEqual([]);
    expect(read(bytes).imageData?.data[0]).toBe(255);
  });

  it('clips the new layer to a source that has a mask', async () => {
    const mask = {
      width: WIDTH,
      height: HEIGHT,
      data: new Uint8ClampedArray(WIDTH * HEIGHT * 4).fill(128),
    };
    const file = psdFile([pixelLayer('Photo', 90, { mask: { left: 0, top: 0, imageData: mask } })]);
    const document = await documentFrom(file, 'a.psd');
    const { bytes, notes } = await document.encode(document.pixels, {
      path: 'o.psd',
      layerName: 'New',
    });
    const after = read(bytes).children;
    expect(after?.[1]?.clipping).toBe(true);
    expect(after?.[0]?.mask?.imageData?.data[0]).toBe(128);
    expect(notes[0]).toMatch(/preview/);
  });

  it('keeps the ICC profile, which names the space of the pixels', async () => {
    const icc = (await sharp(await ramp().withIccProfile('p3').png().toBuffer()).metadata()).icc!;
    const tagged = addResource(psdFile([pixelLayer('Photo', 90)]), ICC_RESOURCE, icc);
    const document = await documentFrom(tagged, 'a.psd');
    expect(document.pixels.format.profile).toBe('Display P3');
    const { bytes } = await document.encode(document.pixels, { path: 'o.psd', layerName: 'New' });
    const kept = psdResources(bytes).find(({ id }) => id === ICC_RESOURCE);
    expect(Buffer.from(kept!.data).equals(icc)).toBe(true);
    expect(names(read(bytes).children)).toEqual(['Photo', 'New']);
  });

  it('can be written as a flat picture of the edited layer', async () => {
    const document = await documentFrom(file, 'a.psd', 'Photo');
    const { bytes, notes } = await document.encode(document.pixels, {
      path: 'o.png',
      layerName: 'x',
    });
    expect((await sharp(bytes).metadata()).format).toBe('png');
    expect(notes[0]).toMatch(/edited layer alone/);
  });
});

describe('a photograph saved as PSD', () => {
  it('becomes a document with the photograph below and the edit above', async () => {
    const document = await documentFrom(await ramp().png().toBuffer(), 'photo.png');
    const result = { ...document.pixels, data: new Uint8Array(document.pixels.data).fill(9) };
    const { bytes } = await document.encode(result, { path: 'out.psd', layerName: 'Fear 2' });
    const after = read(bytes);
    expect(names(after.children)).toEqual(['Background', 'Fear 2']);
    expect(after.children?.[0]?.imageData?.data[0]).toBe(rampBytes()[0]);
    expect(after.imageData?.data[0]).toBe(9);
  });
});

describe('documents that are refused in a sentence', () => {
  const patched = (at: number, value: number) => {
    const bytes = Buffer.from(psdFile([pixelLayer('Photo', 90)]));
    bytes.writeUInt16BE(value, at);
    return bytes;
  };
  const text = { name: 'Title', text: { text: 'Hello' } } as Layer;
  const cases: Array<[string, Uint8Array, string | null, string, RegExp]> = [
    ['16 bits', patched(22, 16), null, 'UNSUPPORTED', /16 bits per channel/],
    ['CMYK', patched(24, 4), null, 'UNSUPPORTED', /a\.psd is in CMYK/],
    [
      'truncated',
      psdFile([pixelLayer('Photo', 90)]).subarray(0, 300),
      null,
      'TRUNCATED',
      /cut off/,
    ],
    ['truncated in the header', Buffer.from('8BPS\0\x01'), null, 'TRUNCATED', /cut off/],
    [
      'no such layer',
      psdFile([pixelLayer('Photo', 90)]),
      'Sky',
      'LAYER_NOT_FOUND',
      /no layer named “Sky”.*“Photo”/,
    ],
    [
      'a text layer',
      psdFile([pixelLayer('Photo', 90), text]),
      'Title',
      'LAYER_NOT_PIXELS',
      /“Title”/,
    ],
    [
      'nothing visible',
      psdFile([pixelLayer('Photo', 90, { hidden: true })]),
      null,
      'LAYER_NOT_PIXELS',
      /no visible pixel layer/,
    ],
  ];
  it.each(cases)('%s', async (_name, bytes, layer, code, message) => {
    await expect(documentFrom(bytes, 'a.psd', layer)).rejects.toEqual(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });

  it('a layer of a flat picture', async () => {
    await expect(documentFrom(await ramp().png().toBuffer(), 'p.png', 'Sky')).rejects.toEqual(
      expect.objectContaining({ code: 'LAYER_NOT_FOUND' }),
    );
  });
});
