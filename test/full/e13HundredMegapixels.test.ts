import { type Edges, newLayer, Raster } from '@emoeditor/fake-photoshop';
import { describe, expect, it } from 'vitest';
import { evoke, layerOf, stage } from '../integration/expectations/stage.ts';

const { photoshop } = stage();

/** Each side of a hundred megapixels, and of a tile of theirs. */
const [SIDE, TILE] = [10_000, 768];
/** One tile on its way there, one on its way back, and the one that is being read. */
const MOST_IN_HAND = 3;

/** Opaque squares in many tiles, the outermost among them; nothing between. */
function scattered(): { raster: Raster; places: Edges[] } {
  const square = new Uint8Array(TILE * TILE * 4);
  for (let at = 0; at < square.length; at += 4) {
    const texture = ((at / 4) * 37) % 61;
    square.set([90 + texture, 120, 150 - texture, 255], at);
  }
  const places: Edges[] = [];
  let raster = new Raster(8, 4);
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 3; column++) {
      const [left, top] = [column, row].map((k) => Math.round((k / 2) * (SIDE - TILE))) as [
        number,
        number,
      ];
      const place = { left, top, right: left + TILE, bottom: top + TILE };
      places.push(place);
      raster = raster.write(place, square);
    }
  }
  return { raster, places };
}

describe('expectation 13: a hundred megapixels go through in pieces', () => {
  it('no more than a few tiles are held at a time, anywhere, and every pixel arrives', async () => {
    const { fake } = photoshop();
    const { raster, places } = scattered();
    const photo = newLayer(8, { name: 'Photo', pixels: raster });
    const document = fake.open(
      {
        name: 'wall.psb',
        width: SIDE,
        height: SIDE,
        depth: 8,
        profile: 'sRGB IEC61966-2.1',
        mode: 'RGBColorMode',
      },
      { layers: [photo], activeIds: [photo.id], selection: null },
    );
    const held = watchTiles(fake.require('photoshop') as never);
    await fake.actions.play([evoke()]);

    expect(held.largest).toBeLessThanOrEqual(TILE * TILE);
    expect(held.most).toBeGreaterThan(1);
    expect(held.most).toBeLessThanOrEqual(MOST_IN_HAND);
    expect(fake.images.peakBytes).toBeLessThanOrEqual(2 * TILE * TILE * 4);
    const result = layerOf(document, 'Awe · 100 %').pixels;
    expect(result.bounds).toEqual({ left: 0, top: 0, right: SIDE, bottom: SIDE });
    for (const place of places) {
      const [before, after] = [raster.read(place), result.read(place)];
      let changed = 0;
      let isAlphaExact = true;
      for (let at = 0; at < before.length; at += 4) {
        if ([0, 1, 2].some((k) => before[at + k] !== after[at + k])) changed += 1;
        isAlphaExact &&= before[at + 3] === after[at + 3];
      }
      expect(isAlphaExact).toBe(true);
      expect(changed).toBeGreaterThan(TILE * TILE * 0.9);
    }
    const between = { left: 700, top: 700, right: 1700, bottom: 1700 };
    expect(result.trimmed(between)).toEqual(raster.trimmed(between));
  });
});

interface Imaging {
  getPixels(options: { targetSize?: object }): Promise<{
    imageData: { width: number; height: number };
  }>;
  putPixels(options: object): Promise<void>;
}

/** Counts the tiles between their read and their write, and the size of the largest read. */
function watchTiles({ imaging }: { imaging: Imaging }) {
  const seen = { largest: 0, most: 0 };
  const { getPixels, putPixels } = imaging;
  let [isWriting, inHand] = [false, 0];
  imaging.getPixels = async (options) => {
    const got = await getPixels(options);
    const size = got.imageData.width * got.imageData.height;
    seen.largest = Math.max(seen.largest, size);
    isWriting ||= size === TILE * TILE;
    if (isWriting && size > 0) inHand += 1;
    seen.most = Math.max(seen.most, inHand);
    return got;
  };
  imaging.putPixels = async (options) => {
    await putPixels(options);
    inHand -= 1;
  };
  return seen;
}
