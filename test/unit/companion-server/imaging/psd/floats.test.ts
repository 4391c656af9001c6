import {
  encodeTone,
  RGB_SPACES,
  SRGB_CURVE,
} from '@emoeditor/companion-server/imaging/colourProfiles.ts';
import { encodeIccProfile } from '@emoeditor/companion-server/imaging/encodeIccProfile.ts';
import { documentFrom } from '@emoeditor/companion-server/imaging/openDocument.ts';
import {
  decodeChannel,
  encodeChannel,
} from '@emoeditor/companion-server/imaging/psd/channelCodec.ts';
import { flatDocument } from '@emoeditor/companion-server/imaging/psd/flatDocument.ts';
import { readMerged } from '@emoeditor/companion-server/imaging/psd/merged.ts';
import { ICC_RESOURCE } from '@emoeditor/companion-server/imaging/psd/metadataResources.ts';
import { layerPlanes } from '@emoeditor/companion-server/imaging/psd/pixels.ts';
import { parsePsd } from '@emoeditor/companion-server/imaging/psd/psdFile.ts';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { edited, formerBytes, HEIGHT, named, target, WIDTH } from './documents.ts';

const extent = { width: WIDTH, height: HEIGHT };
/** Linear light from below black to four times white. */
const plane = (from: number) =>
  Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => from + (4 * i) / (WIDTH * HEIGHT));
const planes = [plane(-0.1), plane(0), plane(0.003)];
const LINEAR = { g: 1, a: 1, b: 0, c: 0, d: 0 };
const linearP3 = encodeIccProfile({ ...RGB_SPACES[2]!, curve: LINEAR });
const flat = (isLarge = false, icc: Uint8Array | null = null) =>
  flatDocument(planes, extent, new Map(icc === null ? [] : [[ICC_RESOURCE, icc]]), isLarge);

describe.each([false, true])('32 bits per channel (PSB: %s)', (isLarge) => {
  const save = target(isLarge ? 'o.psb' : 'o.psd');

  it('come back as they are where the edit changes nothing, highlights beyond white included', async () => {
    const first = await edited(flat(isLarge), { save });
    const file = parsePsd(first.bytes);
    expect(file.layers.list).toMatchObject({ key: 'Lr32', count: 2 });
    for (const record of file.layers.list!.records) {
      expect(layerPlanes(file, record).colour).toEqual(planes);
    }
    const second = await edited(first.bytes, { choice: named('Background'), save });
    const [was, is] = [formerBytes(first.bytes), formerBytes(second.bytes)];
    expect(is.layers.slice(0, 2)).toEqual(was.layers);
    expect(is.layers).toHaveLength(3);
    expect(is.resources).toEqual(was.resources);
  });

  it('are edited as they look, and stored as linear light', async () => {
    const { bytes } = await edited(flat(isLarge), { change: () => 0.5, save });
    const file = parsePsd(bytes);
    const [, result] = file.layers.list!.records;
    // 0.5 of sRGB is 0.2140 of linear light (IEC 61966-2-1).
    expect(layerPlanes(file, result!).colour[1][7]).toBeCloseTo(0.21404, 4);
    expect(readMerged(file).planes[1]![7]).toBeCloseTo(0.21404, 4);
  });
});

it('32 bits are seen in the space of their primaries, through the tone curve', async () => {
  const document = await documentFrom(flat(false, linearP3), 'a.psd');
  expect(document.pixels.format).toMatchObject({
    sample: 'float32',
    range: 1,
    profile: 'Display P3',
  });
  expect(document.pixels.data[4 * 100]).toBeCloseTo(encodeTone(SRGB_CURVE, planes[0]![100]!), 5);
  const { bytes } = await document.encode(document.pixels, target('o.png'));
  const { depth, icc } = await sharp(bytes).metadata();
  expect([depth, icc === undefined]).toEqual(['ushort', false]);
});

it('the thumbnail of 32 bits has the curve of sRGB', async () => {
  const half = new Float32Array(WIDTH * HEIGHT).fill(0.21404);
  const old = Buffer.alloc(28);
  old.writeUInt32BE(16, 4);
  old.writeUInt32BE(16, 8);
  const bytes = flatDocument([half, half, half], extent, new Map([[1036, old]]), false);
  const after = parsePsd((await edited(bytes, { change: (v) => v * 0.999 })).bytes);
  const { start, end } = after.resources.find(({ id }) => id === 1036)!.data;
  const { data } = await sharp(after.bytes.subarray(start + 28, end))
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect(Math.abs(data[0]! - 127)).toBeLessThanOrEqual(2);
});

it('floats predicted byte by byte are read as Photoshop writes them', () => {
  // Two floats, 1 (3f800000) and 2 (40000000), in one row: bytes sorted by place, then as differences.
  const sorted = [0x3f, 0x40, 0x80, 0x00, 0, 0, 0, 0];
  const differences = sorted.map((byte, i) => (byte - (sorted[i - 1] ?? 0)) & 255);
  const raw = Buffer.from([0, 3, ...zlibStored(differences)]);
  const kind = { depth: 32, isLarge: false };
  const row = { width: 2, height: 1 };
  expect([...decodeChannel(raw, { start: 0, end: raw.length }, row, kind)]).toEqual([1, 2]);
  const own = encodeChannel(Float32Array.of(1, 2), row, false);
  expect([...decodeChannel(own, { start: 0, end: own.length }, row, kind)]).toEqual([1, 2]);
});

/** A zlib stream with one stored block. */
function zlibStored(bytes: readonly number[]): number[] {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  const { length } = bytes;
  return [0x78, 0x01, 1, length, 0, ~length & 255, 255, ...bytes, b >> 8, b & 255, a >> 8, a & 255];
}
