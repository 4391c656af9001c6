import { newLayer, Raster } from '@emoeditor/fake-photoshop';
import type { NewLayer, Paint } from '@emoeditor/plugin/host/hostPort.ts';
import { editRegion } from '@emoeditor/plugin/session/editRegion.ts';
import { DEFAULT_CHOICES } from '@emoeditor/plugin/session/panelState.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { patterned, photoshopWorld, pixelOf } from '../doubles/photoshopWorld.ts';

let world: ReturnType<typeof photoshopWorld>;
let abort: AbortController;

beforeEach(() => {
  world = photoshopWorld();
  abort = new AbortController();
});

/** Halves every colour, in two tiles. */
const darken: Paint = async (canvas) => {
  const { area } = canvas;
  const half = Math.floor(area.width / 2);
  for (const [left, width] of [
    [area.left, half],
    [area.left + half, area.width - half],
  ] as const) {
    const tile = await canvas.readTile({ ...area, left, width });
    if (tile === null) continue;
    const { format, data } = tile.pixels;
    const darker = data.map((value, index) => (index % 4 === 3 ? value : value >> 1));
    await canvas.writeTile({ ...tile, pixels: { format, data: darker } });
  }
};

function newLayerOf(patch: Partial<NewLayer> = {}): NewLayer {
  const source = world.layerNow();
  return {
    source,
    region: editRegion(source, DEFAULT_CHOICES),
    name: 'Awe',
    replaces: null,
    note: null,
    ...patch,
  };
}
const add = (layer: NewLayer, paint = darken) => world.host.addLayer(layer, paint, abort.signal);

async function apply(paint: Paint = darken, replaces: number | null = null) {
  world.user.selectLayer(world.source.id);
  return add(newLayerOf({ name: 'Awe · 100 %', replaces, note: null }), paint);
}

describe('a new layer', () => {
  it('lies directly above its source, is named, and holds every pixel where it belongs', async () => {
    const { document, source } = world;
    document.change({ ...document.content, layers: [newLayer(8, { name: 'Curves' }), source] });
    await apply();
    expect(world.names()).toEqual(['Curves', 'Awe · 100 %', 'Meadow']);
    const [, layer, below] = document.content.layers;
    expect(layer?.pixels.bounds).toEqual(source.pixels.bounds);
    const [red = 0, green = 0, blue = 0, alpha] = pixelOf(source.pixels, -4, 2);
    expect(pixelOf(layer!.pixels, -4, 2)).toEqual([red >> 1, green >> 1, blue >> 1, alpha]);
    expect(below).toBe(source);
    expect(layer?.mask).toBeNull();
  });

  it('is one history step, and nothing is left alive', async () => {
    await apply();
    expect(world.history()).toEqual(['Open', 'Awe · 100 %']);
    expect(world.fake.images.alive).toBe(0);
  });

  it('is read and written in the document’s own profile and depth', async () => {
    const deep = new Raster(16, 4).write(
      world.source.pixels.bounds,
      new Uint16Array(3200).fill(32768),
    );
    world.document.become({ depth: 16 });
    world.change({ pixels: deep });
    await apply(async (canvas) => {
      const tile = await canvas.readTile(canvas.area);
      expect(tile?.pixels.format).toMatchObject({
        sample: 'uint16',
        range: 32768,
        profile: 'Adobe RGB (1998)',
      });
      if (tile !== null) await canvas.writeTile(tile);
    });
    const named = (call: string) => world.calls.find(({ name }) => name === call)?.options;
    expect(named('createImageDataFromBuffer')).toMatchObject({
      colorProfile: 'Adobe RGB (1998)',
      fullRange: false,
    });
    expect(named('getPixels')).toMatchObject({ colorProfile: 'Adobe RGB (1998)' });
    expect(named('getPixels')).not.toHaveProperty('componentSize');
  });

  it('leaves the profile of an untagged document out', async () => {
    world.document.become({ profile: '' });
    await apply();
    const named = (call: string) => world.calls.find(({ name }) => name === call)?.options;
    expect(named('getPixels')).not.toHaveProperty('colorProfile');
    expect(named('createImageDataFromBuffer')).toMatchObject({ colorProfile: '' });
  });

  it('hands tiles out as Photoshop trims them, and none where nothing is', async () => {
    const seen = (x: number, y: number) => x >= 0 && x < 5 && y >= 8 && y < 10;
    const corners = (x: number, y: number) => (x === -4 && y === 2) || (x === 35 && y === 21);
    const pixels = patterned(world.source.pixels.bounds, (x, y) => [
      9,
      9,
      9,
      seen(x, y) || corners(x, y) ? 255 : 0,
    ]);
    world.change({ pixels });
    const tiles: unknown[] = [];
    await apply(async (canvas) => {
      tiles.push((await canvas.readTile({ left: 1, top: 1, width: 30, height: 18 }))?.bounds);
      tiles.push(await canvas.readTile({ left: 20, top: 0, width: 10, height: 10 }));
    });
    expect(tiles).toEqual([{ left: 4, top: 6, width: 5, height: 2 }, null]);
  });

  it('takes an error for an empty region as such, and no other error', async () => {
    const strict = photoshopWorld({}, 'reject');
    const half = patterned({ left: -4, top: 2, right: 10, bottom: 22 });
    const corner = { left: 34, top: 20, right: 36, bottom: 22 };
    strict.change({ pixels: half.write(corner, new Uint8Array(16).fill(255)) });
    const seen: unknown[] = [];
    const source = strict.layerNow();
    const layer = {
      source,
      region: editRegion(source, DEFAULT_CHOICES),
      name: 'Awe',
      replaces: null,
      note: null,
    };
    await strict.host.addLayer(
      layer,
      async (canvas) => {
        seen.push(await canvas.readTile({ left: 20, top: 0, width: 10, height: 10 }));
        seen.push((await canvas.readTile({ left: 0, top: 0, width: 10, height: 10 }))?.bounds);
      },
      abort.signal,
    );
    expect(seen).toEqual([null, { left: 0, top: 0, width: 10, height: 10 }]);
  });

  it('takes the Background’s three components', async () => {
    world.change({ isBackground: true });
    await apply(async (canvas) => {
      const tile = await canvas.readTile(canvas.area);
      expect(tile?.pixels.format.channels).toBe(3);
    });
  });
});

describe('selection and masks', () => {
  const AREA = { left: 0, top: 2, right: 10, bottom: 10 };

  it('paints the selection’s part only', async () => {
    world.user.selectArea(AREA, { feather: 1 });
    await apply();
    expect(world.top().pixels.bounds).toEqual({ left: -1, top: 2, right: 11, bottom: 11 });
    expect(world.top().mask?.bounds).toEqual({ left: -1, top: 2, right: 11, bottom: 11 });
  });

  it('takes the place, and the mask, of the result before, even when that is switched off', async () => {
    world.user.selectArea(AREA, { feather: 4 });
    const first = await apply();
    const { mask } = world.top();
    world.document.changeLayer(first, (layer) => ({ ...layer, isMaskEnabled: false }));
    world.user.deselect();
    await apply(darken, first);
    expect(world.names()).toEqual(['Awe · 100 %', 'Meadow']);
    expect(world.top().id).not.toBe(first);
    expect(world.top().mask?.read(AREA)).toEqual(mask?.read(AREA));
  });

  it('is written for the selection that the edit was made for, not for another', async () => {
    world.user.selectArea({ left: 0, top: 5, right: 6, bottom: 9 });
    const layer = newLayerOf();
    expect(layer.region.bounds).toEqual({ left: -4, top: 2, width: 16, height: 13 });
    const areas: object[] = [];
    const look: Paint = async ({ area, extent }) => void areas.push({ area, extent });
    await add(layer, look);
    const area = { left: 4, top: 3, width: 6, height: 4 };
    expect(areas).toEqual([{ area, extent: { width: 16, height: 13 } }]);
    world.user.selectArea({ left: 0, top: 5, right: 20, bottom: 9 });
    await expect(add(layer, look)).rejects.toMatchObject({
      code: 'SOURCE_CHANGED',
      message: /reaches further into “Meadow”/,
    });
    world.user.deselect();
    await expect(add(layer, look)).rejects.toMatchObject({
      code: 'SOURCE_CHANGED',
      message: /nothing is selected now/,
      hint: /Reselect/,
    });
    expect(areas).toHaveLength(1);
  });

  it('is known to the host until it is deleted', async () => {
    const { host, document, source, user } = world;
    const id = await add(newLayerOf());
    expect([
      host.hasLayer(document.id, id),
      host.hasLayer(5, id),
      host.hasLayer(document.id, 99_999),
    ]).toEqual([true, false, false]);
    expect(world.layerNow()).toMatchObject({ layerId: source.id, anchorId: id });
    user.deleteLayer(id);
    expect(host.hasLayer(document.id, id)).toBe(false);
  });

  it('is a new layer when the result before was undone or deleted', async () => {
    await apply(darken, 99_999);
    expect(world.names()).toHaveLength(2);
  });
});

describe('what goes wrong', () => {
  const fail: Paint = async () => {
    throw new Error('disk full');
  };

  it('is rolled back, whatever it was', async () => {
    const { content } = world.document;
    await expect(apply(fail)).rejects.toMatchObject({ code: 'HOST_FAILED', message: /disk full/ });
    expect(world.history()).toEqual(['Open']);
    expect(world.document.content.layers).toBe(content.layers);
  });

  it('says that the layer or the document is gone, and asks nothing of a document that is', async () => {
    const layer = newLayerOf();
    world.user.deleteLayer(world.source.id);
    await expect(add(layer)).rejects.toMatchObject({
      code: 'SOURCE_GONE',
      message: /“Meadow” is no longer in “meadow.psd”/,
    });
    world.fake.close(world.document);
    await expect(add(layer)).rejects.toMatchObject({
      code: 'SOURCE_GONE',
      message: /“meadow.psd” is no longer open/,
    });
  });

  it('follows a layer that was moved, and refuses one that changed its size', async () => {
    const layer = newLayerOf();
    world.user.move(world.source.id, 104, 98);
    await add(layer);
    expect(world.top().pixels.bounds).toEqual({ left: 100, top: 100, right: 140, bottom: 120 });
    world.change({ pixels: patterned({ left: 0, top: 0, right: 41, bottom: 20 }) });
    await expect(add(layer)).rejects.toMatchObject({
      code: 'SOURCE_CHANGED',
      message: /was 40 × 20 pixels when the edit began and is 41 × 20 pixels now/,
    });
  });

  it('is cancelled by Photoshop’s own button and by the panel’s', async () => {
    const byPhotoshop = apply(async (canvas) => {
      world.fake.modal.cancel();
      await canvas.readTile(canvas.area);
    });
    await expect(byPhotoshop).rejects.toMatchObject({ code: 'CANCELLED' });
    const byPanel = apply(async (canvas) => {
      abort.abort();
      expect(canvas.signal.aborted).toBe(true);
    });
    await expect(byPanel).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(world.history()).toEqual(['Open']);
  });
});

describe('the modal time', () => {
  it('is asked for again while Photoshop is busy, and given up in a sentence', async () => {
    let waits = 0;
    world.waiting.meanwhile = () => {
      waits += 1;
      world.fake.modal.isBusy = waits < 4;
    };
    world.fake.modal.isBusy = true;
    await apply();
    expect([waits, world.names().length]).toEqual([4, 2]);
    world.waiting.meanwhile = () => {};
    world.fake.modal.isBusy = true;
    await expect(apply()).rejects.toMatchObject({ code: 'HOST_BUSY' });
  });

  it('leaves history alone that a playing action owns', async () => {
    const { modal } = world.fake;
    await modal.history.ownedByAction(
      world.document,
      'My action',
      async () => void (await apply()),
    );
    expect(world.history()).toEqual(['Open', 'My action']);
  });
});
