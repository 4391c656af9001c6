import { parsePsd } from '@emoeditor/companion-server/imaging/psd/psdFile.ts';
import { describe, expect, it } from 'vitest';
import {
  edited,
  formerBytes,
  HEIGHT,
  halfMask,
  named,
  pixelLayer,
  psdFile,
  read,
  softLayer,
  target,
  WIDTH,
} from './documents.ts';

const smart = (path = 'o.psd', layerName = 'Awe · 100 %') => ({
  ...target(path, layerName),
  isSmartObject: true,
});
const invert = (value: number) => 255 - value;

describe.each([false, true])('a result as smart object (PSB: %s)', (psb) => {
  const path = psb ? 'o.psb' : 'o.psd';

  it('shows an embedded PSB of the same pixels, in its own size, where the source is', async () => {
    const before = psdFile(
      [pixelLayer('Below', 10), pixelLayer('Photo', 5, { left: 7, top: -3 })],
      { psb },
    );
    const { bytes } = await edited(before, { change: invert, save: smart(path) });
    const after = read(bytes);
    const layer = after.children?.[2];
    expect(layer).toMatchObject({ name: 'Awe · 100 %', left: 7, top: -3 });
    expect(layer?.placedLayer).toMatchObject({
      type: 'raster',
      width: WIDTH,
      height: HEIGHT,
      transform: [7, -3, 7 + WIDTH, -3, 7 + WIDTH, HEIGHT - 3, 7, HEIGHT - 3],
    });
    const file = after.linkedFiles?.find(({ id }) => id === layer?.placedLayer?.id);
    expect(file).toMatchObject({ name: 'Layer.psb', type: '8BPB' });
    const contents = read(file!.data!);
    expect(contents.children?.map(({ name }) => name)).toEqual(['Awe · 100 %']);
    expect(contents.children?.[0]?.imageData?.data).toEqual(layer?.imageData?.data);
    expect(layer?.imageData?.data[2]).toBe(250);
  });

  it('leaves all that was there byte for byte, and joins the files that were embedded before', async () => {
    const before = psdFile([pixelLayer('Photo', 9)], { psb });
    const first = await edited(before, { save: smart(path) });
    const second = await edited(first.bytes, { choice: named('Photo'), save: smart(path) });
    const [was, is] = [formerBytes(first.bytes), formerBytes(second.bytes)];
    expect(is.layers.filter((layer) => was.layers.includes(layer))).toEqual(was.layers);
    const files = read(second.bytes).linkedFiles ?? [];
    expect(files).toHaveLength(2);
    expect(new Set(files.map(({ id }) => id)).size).toBe(2);
    const data = read(first.bytes).linkedFiles?.[0]?.data;
    expect(Buffer.from(files[0]!.data!).equals(Buffer.from(data!))).toBe(true);
    const again = await edited(before, { save: smart(path) });
    expect(Buffer.from(again.bytes).equals(first.bytes), 'made again to the byte').toBe(true);
  });
});

it('is clipped to a source that is soft, and stands in for one that is clipped with a look of its own', async () => {
  const soft = await edited(psdFile([pixelLayer('B', 1), softLayer('Photo', 90)]), {
    save: smart(),
  });
  expect(read(soft.bytes).children?.[2]).toMatchObject({ clipping: true, placedLayer: {} });
  const clipped = softLayer('Photo', 90, { clipping: true, mask: halfMask(90), opacity: 0.5 });
  const stood = await edited(psdFile([pixelLayer('Base', 3), clipped]), {
    choice: named('Photo'),
    save: smart(),
  });
  const layer = read(stood.bytes).children?.[2];
  expect(layer).toMatchObject({ clipping: true, placedLayer: { width: WIDTH }, mask: { left: 0 } });
  const contents = read(read(stood.bytes).linkedFiles![0]!.data!);
  expect(contents.children?.[0]?.imageData?.data[3], 'with the transparency of the source').toBe(
    90,
  );
});

it('16 bits: the list is in its own block, the embedded file has 16 bits too', async () => {
  const raw = { width: WIDTH, height: HEIGHT, channels: 3 } as const;
  const { default: sharp } = await import('sharp');
  const samples = Uint16Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => i * 13);
  const png = await sharp(samples, { raw }).toColourspace('rgb16').png().toBuffer();
  for (const path of ['o.psd', 'o.psb']) {
    const first = await edited(png, { save: smart(path) });
    const { bytes } = await edited(first.bytes, { choice: named('Background'), save: smart(path) });
    expect(parsePsd(bytes).layers.list).toMatchObject({ key: 'Lr16', count: 3 });
    const files = read(bytes).linkedFiles ?? [];
    expect(files.map(({ data }) => parsePsd(data!).header.depth)).toEqual([16, 16]);
  }
});
