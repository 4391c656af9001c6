import {
  type DocumentModel,
  flatten,
  type LayerContent,
  newLayer,
  Raster,
} from '@emoeditor/fake-photoshop';
import { describe, expect, it } from 'vitest';
import { evoke, layerOf, openDocument, SIDE, stage, WHOLE, type World } from './stage.ts';

const { photoshop } = stage();
const ramp = Uint8Array.from({ length: SIDE * SIDE }, (_, i) =>
  Math.round(((i % SIDE) * 255) / (SIDE - 1)),
);
const mask = new Raster(8, 1).write(WHOLE, ramp);

/** A document whose photograph is changed before the edit; what the edit made of it. */
async function resultOn(change: Partial<LayerContent>, before: (world: World) => void = () => {}) {
  const world = photoshop();
  const document = openDocument(world.fake);
  document.changeLayer(layerOf(document, 'Photo').id, (layer) => ({ ...layer, ...change }));
  before(world);
  await world.fake.actions.play([evoke()]);
  return { document, result: layerOf(document, 'Awe · 100 %') };
}

describe('expectation 3: masks and clipping hold for the result', () => {
  /** Where the result can be seen: what it changes of the picture. */
  const changes = (document: DocumentModel, result: LayerContent) => {
    const without = {
      ...document.content,
      layers: document.content.layers.filter(({ id }) => id !== result.id),
    };
    const [now, before] = [document.content, without].map(
      (content) => flatten(content, 8, WHOLE).rgba,
    );
    return (x: number, y: number) =>
      Math.max(
        ...[0, 1, 2].map((k) =>
          Math.abs(now![(y * SIDE + x) * 4 + k]! - before![(y * SIDE + x) * 4 + k]!),
        ),
      );
  };

  it('a layer mask, grey by grey, by clipping to the layer that has it', async () => {
    const { result, document } = await resultOn({ mask });
    expect([result.isClippingMask, result.mask]).toEqual([true, null]);
    const change = changes(document, result);
    expect(change(0, 40)).toBe(0);
    expect(change(90, 40)).toBeGreaterThan(change(30, 40));
    expect(layerOf(document, 'Photo').mask).toBe(mask);
  });

  it('with a selection as a mask of its own', async () => {
    const area = { left: 20, top: 20, right: 60, bottom: 60 };
    const { result, document } = await resultOn({ mask }, ({ fake }) => {
      fake.user(fake.active!).selectArea(area, { ellipse: true, feather: 5 });
    });
    expect([...result.mask!.read(WHOLE)]).toEqual([...document.content.selection!.read(WHOLE)]);
    const change = changes(document, result);
    const within = [30, 35, 40, 45, 50].map((x) => change(x, 40));
    expect([change(5, 5), Math.max(...within) > 0]).toEqual([0, true]);
  });

  it('not a mask that is switched off; a vector mask does', async () => {
    const { result: plain } = await resultOn({ mask, isMaskEnabled: false });
    expect([plain.isClippingMask, plain.mask]).toEqual([false, null]);
    const { result, document } = await resultOn({ vectorMask: mask });
    expect(result.isClippingMask).toBe(true);
    expect(changes(document, result)(0, 40)).toBe(0);
  });

  it('a mask that reveals all but what was painted on it', async () => {
    const hole = { left: 10, top: 10, right: 30, bottom: 30 };
    const revealing = new Raster(8, 1, { blank: 255 }).write(hole, new Uint8Array(400));
    const { result, document } = await resultOn({ mask: revealing });
    const change = changes(document, result);
    expect([change(20, 20), change(5, 5) > 0, change(90, 90) > 0]).toEqual([0, true, true]);
  });

  it('is clipped when its source is, and shows only in the same base', async () => {
    const round = new Raster(8, 4).write(
      { left: 30, top: 30, right: 60, bottom: 60 },
      new Uint8Array(30 * 30 * 4).fill(255),
    );
    const base = newLayer(8, { name: 'Base', pixels: round });
    const { document, result } = await resultOn({ isClippingMask: true }, ({ fake }) => {
      const { layers, ...rest } = fake.active!.content;
      fake.active!.change({ ...rest, layers: [layers[0]!, base, layers[1]!] });
    });
    expect(result.isClippingMask).toBe(true);
    expect(document.content.layers.map(({ name }) => name)).toEqual([
      'Awe · 100 %',
      'Photo',
      'Base',
      'Background',
    ]);
    const shown = flatten(document.content, 8, WHOLE).rgba;
    const [, , , background] = document.content.layers;
    const below = background!.pixels.read(WHOLE);
    const pixel = (data: ArrayLike<number>, x: number, y: number) =>
      [0, 1, 2].map((k) => data[(y * SIDE + x) * 4 + k]);
    expect(pixel(shown, 10, 10)).toEqual(pixel(below, 10, 10));
    expect(pixel(shown, 45, 45)).toEqual(pixel(result.pixels.read(WHOLE), 45, 45));
  });
});
