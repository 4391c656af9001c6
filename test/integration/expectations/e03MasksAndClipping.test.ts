import { flatten, type LayerContent, newLayer, Raster } from '@emoeditor/fake-photoshop';
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

describe('expectation 3: masks and clipping hold for the result, and its extent is a mask to paint on', () => {
  it('takes the layer mask over, grey by grey', async () => {
    const { result, document } = await resultOn({ mask });
    expect([...result.mask!.read(WHOLE)]).toEqual([...ramp]);
    expect(layerOf(document, 'Photo').mask).toBe(mask);
  });

  it('multiplies it with the selection', async () => {
    const area = { left: 20, top: 20, right: 60, bottom: 60 };
    const { result } = await resultOn({ mask }, ({ fake }) => {
      fake.user(fake.active!).selectArea(area, { ellipse: true, feather: 5 });
    });
    const selection = result.mask!.read(WHOLE);
    const { fake } = photoshop();
    const other = openDocument(fake);
    fake.user(other).selectArea(area, { ellipse: true, feather: 5 });
    const alone = other.content.selection!.read(WHOLE);
    for (let i = 0; i < selection.length; i++) {
      expect(selection[i]).toBe(Math.round(((alone[i] as number) * (ramp[i] as number)) / 255));
    }
  });

  it('leaves a mask out that is switched off, and keeps a vector mask as pixels', async () => {
    expect((await resultOn({ mask, isMaskEnabled: false })).result.mask).toBeNull();
    const { result } = await resultOn({ vectorMask: mask });
    expect([...result.mask!.read(WHOLE)]).toEqual([...ramp]);
  });

  it('shows where a mask that reveals reaches no further than what was painted on it', async () => {
    const hole = { left: 10, top: 10, right: 30, bottom: 30 };
    const revealing = new Raster(8, 1, { blank: 255 }).write(hole, new Uint8Array(400));
    const { result } = await resultOn({ mask: revealing });
    const at = (x: number, y: number) =>
      result.mask!.read({ left: x, top: y, right: x + 1, bottom: y + 1 })[0];
    expect([at(20, 20), at(5, 5), at(90, 90)]).toEqual([0, 255, 255]);
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
