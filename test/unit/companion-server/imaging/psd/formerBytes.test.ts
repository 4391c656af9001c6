import { numberOf } from '@emoeditor/companion-server/imaging/psd/layerTree.ts';
import { newDocument } from '@emoeditor/companion-server/imaging/psd/newDocument.ts';
import { parsePsd } from '@emoeditor/companion-server/imaging/psd/psdFile.ts';
import { spliced } from '@emoeditor/companion-server/imaging/psd/splice.ts';
import type { Layer, Psd } from 'ag-psd';
import { describe, expect, it } from 'vitest';
import { bufferOf, rampBytes } from '../pictures.ts';
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

const curves = {
  name: 'Curves',
  adjustment: { type: 'brightness/contrast', brightness: 20, contrast: 10 },
} as Layer;
const stroke: NonNullable<Layer['effects']> = {
  stroke: [
    {
      enabled: true,
      size: { units: 'Pixels', value: 2 },
      position: 'inside',
      fillType: 'color',
      blendMode: 'normal',
      opacity: 1,
      color: { r: 255, g: 0, b: 0 },
    },
  ],
};
const group = (name: string, children: Layer[], extra: Partial<Layer> = {}): Layer => ({
  name,
  children,
  opened: true,
  ...extra,
});

const documents: Array<[string, Layer[], Partial<Psd>]> = [
  ['one layer', [pixelLayer('Photo', 9)], {}],
  ['layers of every look', [pixelLayer('Below', 1), softLayer('Photo', 90, { opacity: 0.4 })], {}],
  ['a mask', [pixelLayer('Photo', 1, { mask: halfMask(90) })], {}],
  ['effects', [pixelLayer('Photo', 1, { effects: stroke })], {}],
  ['an adjustment above', [pixelLayer('Photo', 1), curves], {}],
  [
    'a clipped stack',
    [pixelLayer('Base', 3), pixelLayer('Photo', 1, { clipping: true }), curves],
    {},
  ],
  ['Pass Through', [group('Outer', [group('Inner', [pixelLayer('Photo', 1)])])], {}],
  ['names beyond Latin', [pixelLayer('Photo', 1), pixelLayer('写真 é', 1, { hidden: true })], {}],
  [
    'guides and a resolution',
    [pixelLayer('Photo', 1)],
    {
      imageResources: {
        gridAndGuidesInformation: { guides: [{ location: 11, direction: 'horizontal' }] },
        resolutionInfo: {
          horizontalResolution: 300,
          horizontalResolutionUnit: 'PPI',
          widthUnit: 'Inches',
          verticalResolution: 300,
          verticalResolutionUnit: 'PPI',
          heightUnit: 'Inches',
        },
      },
    },
  ],
];

describe.each([false, true])('in a document (PSB: %s)', (psb) => {
  it.each(documents)(
    'with %s, all that was there is there byte for byte',
    async (_, layers, extra) => {
      const before = psdFile(layers, { ...extra, psb });
      const { bytes } = await edited(before, {
        choice: named('Photo'),
        change: (value) => 255 - value,
        save: target(psb ? 'o.psb' : 'o.psd'),
      });
      const [was, is] = [formerBytes(before), formerBytes(bytes)];
      expect(is.header).toBe(was.header);
      expect(is.rest).toBe(was.rest);
      expect(is.layers).toHaveLength(was.layers.length + 1);
      expect(is.layers.filter((layer) => was.layers.includes(layer))).toEqual(was.layers);
      expect(is.resources).toEqual(was.resources);
      expect(() => read(bytes)).not.toThrow();
    },
  );
});

it('16 bits per channel: the list in its own block, all that was there byte for byte', async () => {
  const samples = Uint16Array.from(rampBytes(WIDTH, HEIGHT, 4), (value) => value * 257);
  const format = {
    width: WIDTH,
    height: HEIGHT,
    channels: 4,
    sample: 'uint16',
    range: 65535,
  } as const;
  const photograph = bufferOf(samples, format);
  const layers = { name: 'Photo', pixels: photograph, above: null, isSmartObject: false };
  for (const isLarge of [false, true]) {
    const before = await newDocument(photograph, layers, new Map(), isLarge);
    const { bytes } = await edited(before, {
      choice: named('Photo'),
      change: (value) => 65535 - value,
      save: target(isLarge ? 'o.psb' : 'o.psd'),
    });
    const [was, is] = [formerBytes(before), formerBytes(bytes)];
    expect(is.layers.slice(0, 2)).toEqual(was.layers);
    expect(is.layers).toHaveLength(3);
    expect(parsePsd(bytes).layers.list).toMatchObject({ key: 'Lr16', count: 3 });
    expect(is.resources.filter(([id]) => id !== 1036)).toEqual(
      was.resources.filter(([id]) => id !== 1036),
    );
  }
});

it('a saved selection stays a channel of its own', async () => {
  const flat = Buffer.concat([
    Buffer.from('8BPS\0\x01\0\0\0\0\0\0\0\x04\0\0\0\x20\0\0\0\x30\0\x08\0\x03', 'latin1'),
    Buffer.alloc(12),
    Buffer.from([0, 0]),
    Buffer.alloc(WIDTH * HEIGHT * 3, 60),
    Buffer.alloc(WIDTH * HEIGHT, 17),
  ]);
  const { bytes } = await edited(flat, { change: () => 200 });
  const file = parsePsd(bytes);
  expect(file.layers.list?.count).toBe(2);
  expect(file.layers.list?.records[0]?.channels.map(({ id }) => id)).toEqual([0, 1, 2]);
  expect(bytes.subarray(-WIDTH * HEIGHT).every((value) => value === 17)).toBe(true);
  expect(bytes[file.merged.start + 2]).toBe(200);
});

it('resources that count layers are brought in step', async () => {
  const plain = parsePsd(psdFile([pixelLayer('Photo', 9), pixelLayer('Top', 9, { hidden: true })]));
  const before = spliced(plain, {
    layers: { above: 0, encoded: [], linked: null },
    hidden: null,
    resources: new Map([
      [1024, Buffer.from([0, 1])],
      [1026, Buffer.from([0, 7, 0, 8])],
      [1072, Buffer.from([1, 0])],
    ]),
    merged: null,
  });
  const file = parsePsd((await edited(before, { choice: named('Photo') })).bytes);
  const data = (id: number) => {
    const { start, end } = file.resources.find((resource) => resource.id === id)!.data;
    return [...file.bytes.subarray(start, end)];
  };
  expect(data(1024)).toEqual([0, 2]);
  expect(data(1026)).toEqual([0, 7, 0, 0, 0, 8]);
  expect(data(1072)).toEqual([1, 1, 0]);
});

it('every layer has an id of its own, beyond those that Photoshop has given away', async () => {
  const plain = parsePsd(psdFile([pixelLayer('Photo', 9, { id: 40 }), pixelLayer('Top', 9)]));
  const seed = Buffer.from([0, 0, 1, 0]);
  const before = spliced(plain, {
    layers: { above: 0, encoded: [], linked: null },
    hidden: null,
    resources: new Map([[1044, seed]]),
    merged: null,
  });
  const first = await edited(before, { choice: named('Photo') });
  const second = await edited(first.bytes, { choice: named('Photo') });
  const file = parsePsd(second.bytes);
  const ids = file.layers.list?.records.map((record) => numberOf(file.bytes, record, 'lyid')) ?? [];
  expect(new Set(ids).size).toBe(4);
  expect(ids.slice(1, 3)).toEqual([257, 258]);
});
