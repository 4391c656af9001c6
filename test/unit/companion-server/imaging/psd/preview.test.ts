import { readMerged } from '@emoeditor/companion-server/imaging/psd/merged.ts';
import { parsePsd, resourceOf } from '@emoeditor/companion-server/imaging/psd/psdFile.ts';
import { spliced } from '@emoeditor/companion-server/imaging/psd/splice.ts';
import type { Layer } from 'ag-psd';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import {
  edited,
  HEIGHT,
  halfMask,
  named,
  pixelLayer,
  psdFile,
  read,
  softLayer,
  WIDTH,
} from './documents.ts';

type Painted = { readonly colour: number[]; readonly alpha: number };

/** One pixel of a stack drawn by the book: Normal, opacity, pixel masks, clipping, groups as they lie. */
function paint(layers: readonly Layer[], x: number, y: number): Painted {
  let below: Painted = { colour: [0, 0, 0], alpha: 0 };
  for (let i = 0; i < layers.length; i++) {
    const base = layers[i] as Layer;
    const clipped: Layer[] = [];
    while (layers[i + 1]?.clipping) clipped.push(layers[++i] as Layer);
    if (base.hidden) continue;
    let top = pixelOf(base, x, y);
    for (const layer of clipped) {
      if (layer.hidden) continue;
      const own = pixelOf(layer, x, y);
      const mix = (value: number, k: number) =>
        own.alpha * (own.colour[k] as number) + (1 - own.alpha) * value;
      top = { alpha: top.alpha, colour: top.colour.map(mix) };
    }
    below = over(top, below);
  }
  return below;
}

function over(top: Painted, below: Painted): Painted {
  const alpha = top.alpha + below.alpha * (1 - top.alpha);
  const colour = top.colour.map((value, k) =>
    alpha === 0
      ? 0
      : (value * top.alpha + (below.colour[k] as number) * below.alpha * (1 - top.alpha)) / alpha,
  );
  return { colour, alpha };
}

function pixelOf(layer: Layer, x: number, y: number): Painted {
  const { left = 0, top = 0, opacity = 1, fillOpacity = 1, imageData, mask, children } = layer;
  if (children) return paint(children, x, y);
  const [column, row] = [x - left, y - top];
  const { width, height, data } = imageData!;
  if (column < 0 || row < 0 || column >= width || row >= height)
    return { colour: [0, 0, 0], alpha: 0 };
  const at = (row * width + column) * 4;
  let alpha = ((data[at + 3] as number) / 255) * opacity * fillOpacity;
  if (mask?.imageData) {
    const isIn = x < mask.imageData.width;
    alpha *= isIn ? (mask.imageData.data[(y * mask.imageData.width + x) * 4] as number) / 255 : 0;
  }
  return { colour: [0, 1, 2].map((k) => data[at + k] as number), alpha };
}

/** The stack as a picture with transparency; ag-psd lays it over white when it writes the file. */
function drawn(layers: readonly Layer[]) {
  const data = new Uint8ClampedArray(WIDTH * HEIGHT * 4);
  for (let i = 0; i < WIDTH * HEIGHT; i++) {
    const { colour, alpha } = paint(layers, i % WIDTH, Math.floor(i / WIDTH));
    data.set([...colour, alpha * 255], i * 4);
  }
  return { width: WIDTH, height: HEIGHT, data };
}

/** Greatest difference between a file's merged picture and its layers drawn over white, in levels. */
function difference(bytes: Uint8Array): number {
  const { planes } = readMerged(parsePsd(bytes));
  const { data } = drawn(read(bytes).children ?? []);
  let most = 0;
  for (let i = 0; i < WIDTH * HEIGHT; i++) {
    const alpha = (data[i * 4 + 3] as number) / 255;
    for (let k = 0; k < 3; k++) {
      const expected = alpha * (data[i * 4 + k] as number) + 255 * (1 - alpha);
      most = Math.max(most, Math.abs(expected - (planes[k]?.[i] as number)));
    }
  }
  return most;
}

const drawable: ReadonlyArray<readonly [string, Layer[]]> = [
  ['alone', [pixelLayer('Photo', 90)]],
  ['half transparent', [softLayer('Below', 200), softLayer('Photo', 90, { opacity: 0.7 })]],
  [
    'below others',
    [pixelLayer('Photo', 90), softLayer('Veil', 60), pixelLayer('Patch', 3, { left: 20 })],
  ],
  ['masked', [pixelLayer('Below', 3), pixelLayer('Photo', 90, { mask: halfMask(180) })]],
  ['in groups', [{ name: 'Group', children: [pixelLayer('Photo', 90), softLayer('Veil', 99)] }]],
  [
    'below a group',
    [pixelLayer('Photo', 90), { name: 'Group', children: [softLayer('Veil', 99)] }],
  ],
  [
    'with layers clipped to it',
    [softLayer('Photo', 130), softLayer('Clipped', 70, { clipping: true }), softLayer('Veil', 30)],
  ],
  [
    'clipped itself',
    [softLayer('Base', 130), pixelLayer('Photo', 9, { clipping: true }), softLayer('Veil', 30)],
  ],
  [
    'below a clipped stack',
    [pixelLayer('Photo', 9), softLayer('Base', 90), pixelLayer('Clipped', 4, { clipping: true })],
  ],
];

describe('the merged picture after an edit', () => {
  it.each(drawable)('of a layer %s', async (_, layers) => {
    const before = psdFile(layers, { imageData: drawn(layers) });
    const { bytes, notes } = await edited(before, {
      choice: named('Photo'),
      change: (value) => 255 - value,
    });
    expect(notes).toEqual([]);
    expect(difference(before)).toBeLessThanOrEqual(1.5);
    expect(difference(bytes)).toBeLessThanOrEqual(2);
    const pictures = [before, bytes].map((file) => Buffer.from(read(file).imageData!.data));
    expect(pictures[0]!.equals(pictures[1]!)).toBe(false);
  });

  it.each<[string, Layer[]]>([
    [
      'a blend mode above',
      [pixelLayer('Photo', 9), softLayer('Veil', 90, { blendMode: 'screen' })],
    ],
    [
      'its own blend mode',
      [pixelLayer('Below', 9), pixelLayer('Photo', 9, { blendMode: 'darken' })],
    ],
    [
      'an adjustment above',
      [pixelLayer('Photo', 9), { name: 'Invert', adjustment: { type: 'invert' } } as Layer],
    ],
  ])('stays as it was with %s, and that is said', async (_, layers) => {
    const before = psdFile(layers, { imageData: pixelLayer('', 123).imageData! });
    const { bytes, notes } = await edited(before, {
      choice: named('Photo'),
      change: (value) => 255 - value,
    });
    expect(notes[0]).toMatch(/preview stored in the file shows the document before/);
    const part = (file: Uint8Array) => Buffer.from(file.subarray(parsePsd(file).merged.start));
    expect(part(bytes).equals(part(before))).toBe(true);
  });
});

it('the thumbnail shows the edit, in its size', async () => {
  const { thumbnail, THUMBNAIL_RESOURCE } = await import(
    '@emoeditor/companion-server/imaging/psd/preview.ts'
  );
  const layers = [pixelLayer('Photo', 90)];
  const plain = parsePsd(psdFile(layers, { imageData: drawn(layers) }));
  const grey = new Uint8Array(WIDTH * HEIGHT).fill(50);
  const old = await thumbnail([grey, grey, grey], plain.header, { width: 16, height: 11 });
  const before = spliced(plain, {
    layers: { above: 0, encoded: [], linked: null },
    hidden: null,
    resources: new Map([[THUMBNAIL_RESOURCE, old]]),
    merged: null,
  });
  const unchanged = resourceOf(parsePsd((await edited(before)).bytes), THUMBNAIL_RESOURCE);
  expect(Buffer.from(unchanged!).equals(old)).toBe(true);
  const { bytes } = await edited(before, { change: () => 250 });
  const now = resourceOf(parsePsd(bytes), THUMBNAIL_RESOURCE)!;
  const { data, info } = await sharp(now.subarray(28)).raw().toBuffer({ resolveWithObject: true });
  expect(info).toMatchObject({ width: 16, height: 11 });
  expect(data[0]).toBeGreaterThan(240);
});
