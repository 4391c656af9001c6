import { parsePsd } from '@emoeditor/companion-server/imaging/psd/psdFile.ts';
import { describe, expect, it } from 'vitest';
import { lostPart } from '../../../../../bench/documents/lostPart.mts';
import { edited, named, pixelLayer, psdFile, softLayer } from './documents.ts';

const layers = [
  pixelLayer('Below', 10),
  softLayer('Photo', 90, { opacity: 0.4 }),
  pixelLayer('On it', 8, { clipping: true, blendClippendElements: false }),
];
const before = psdFile(layers, { imageResources: { captionDigest: '0123456789abcdef' } });

describe('what of a document is not in a result', () => {
  it.each(['Below', 'Photo', 'On it'])('nothing, where it is made of “%s”', async (name) => {
    const { bytes } = await edited(before, { choice: named(name) });
    expect(lostPart(before, bytes)).toBeNull();
  });

  it('the merged picture, where the edit changes something', async () => {
    const choice = named('Below');
    const { bytes } = await edited(before, { choice, change: (value) => value ^ 64 });
    expect(lostPart(before, bytes)).toMatch(/merged picture/);
  });

  it.each<[string, RegExp, (file: ReturnType<typeof parsePsd>) => number | undefined]>([
    [
      'a channel',
      /layer “Photo”/,
      ({ layers: { list } }) => list?.records[1]?.channels[2]?.data.end,
    ],
    ['a record', /layer “Below”/, ({ layers: { list } }) => list?.records[0]?.flagsAt],
    ['a resource', /resource \d+/, ({ resources }) => resources[0]?.block.end],
    ['the merged picture', /merged picture/, ({ merged }) => merged.end],
    ['the header', /header/, () => 14],
  ])('%s, where one byte of it differs', async (_, told, endOf) => {
    const { bytes } = await edited(before, { choice: named('Photo') });
    const at = (endOf(parsePsd(before)) as number) - 1;
    const broken = Buffer.from(before);
    broken[at] = (broken[at] as number) ^ 4;
    expect(lostPart(broken, bytes)).toMatch(told);
  });
});
