import { type LayerContent, layeredPhotograph, newLayer, Raster } from '@emoeditor/fake-photoshop';
import { describe, expect, it } from 'vitest';
import {
  evoke,
  history,
  layerOf,
  names,
  openDocument,
  photograph,
  SIDE,
  stage,
  WHOLE,
} from './stage.ts';

const { photoshop } = stage();

const REFUSED: readonly (readonly [string, Partial<LayerContent>, RegExp])[] = [
  ['an empty group', { kind: 'group' }, /is empty/],
  ['an adjustment layer', { kind: 'curves' }, /is an adjustment layer.*What is visible/],
  ['a video layer', { kind: 'video' }, /is a video layer/],
  ['a hidden layer', { visible: false }, /is hidden.*Show it/],
  ['a locked layer', { allLocked: true }, /is locked.*Unlock it/],
  ['a layer with locked pixels', { pixelsLocked: true }, /is locked/],
  [
    'a layer with locked transparency',
    { transparencyLocked: true },
    /transparency of “Photo” is locked/,
  ],
  ['an empty layer', { pixels: new Raster(8, 4) }, /is empty/],
  [
    'a speck',
    {
      pixels: new Raster(8, 4).write(
        { left: 0, top: 0, right: 9, bottom: 9 },
        new Uint8Array(9 * 9 * 4).fill(255),
      ),
    },
    /is 9 × 9 pixels; EmoEditor needs at least 16/,
  ],
];

describe('expectation 12: every kind of layer is edited, or refused with what to do', () => {
  it.each(REFUSED)(
    '%s is refused by action and panel, before anything is read',
    async (_what, change, text) => {
      const world = photoshop();
      const document = openDocument(world.fake);
      document.changeLayer(layerOf(document, 'Photo').id, (layer) => ({ ...layer, ...change }));
      await expect(world.fake.actions.play([evoke()])).rejects.toThrow(text);
      expect(world.fake.images.peakBytes).toBe(0);
      expect(history(document)).toEqual(['Open']);
      const page = world.openPanel();
      await page.says('Ready');
      await page.says(text);
      expect(page.control('Evoke Awe').hasAttribute('disabled')).toBe(true);
    },
  );

  it('the Background, locked as it is and without alpha, gets a layer above it', async () => {
    const { fake } = photoshop();
    const document = openDocument(fake);
    const background = layerOf(document, 'Background');
    fake.user(document).selectLayer(background.id);
    await fake.actions.play([evoke()]);
    expect(names(document)).toEqual(['Photo', 'Awe · 100 %', 'Background']);
    expect(layerOf(document, 'Background')).toBe(background);
    const result = layerOf(document, 'Awe · 100 %').pixels.read(WHOLE);
    expect(result.filter((_, i) => i % 4 === 3).every((alpha) => alpha === 255)).toBe(true);
  });

  it('a layer in a hidden or a locked group is refused for the group’s sake', async () => {
    const { fake } = photoshop();
    for (const [change, text] of [
      [{ visible: false }, /is hidden/],
      [{ allLocked: true }, /is locked/],
    ] as const) {
      const photo = layeredPhotograph(photograph(), SIDE, SIDE).layers[0]!;
      const group = newLayer(8, { kind: 'group', children: [photo], ...change });
      openDocument(fake, { content: { layers: [group], activeIds: [photo.id], selection: null } });
      await expect(fake.actions.play([evoke()])).rejects.toThrow(text);
    }
  });

  it('no document, no layer and a selection elsewhere are told apart', async () => {
    const { fake } = photoshop();
    await expect(fake.actions.play([evoke()])).rejects.toThrow(/No document is open/);
    const document = openDocument(fake);
    document.change({ ...document.content, activeIds: [] });
    await expect(fake.actions.play([evoke()])).rejects.toThrow(/No layer is selected/);
    const away = openDocument(fake);
    fake.user(away).selectArea({ left: 200, top: 200, right: 240, bottom: 240 });
    await expect(fake.actions.play([evoke()])).rejects.toThrow(/selection does not touch “Photo”/);
  });
});
