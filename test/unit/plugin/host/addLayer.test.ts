import type { EditableLayer, HostPort, LayerPlan, Paint } from '@emoeditor/plugin/host/hostPort.ts';
import { photoshopModal } from '@emoeditor/plugin/host/modal.ts';
import { photoshopHost } from '@emoeditor/plugin/host/photoshopHost.ts';
import { editRegion } from '@emoeditor/plugin/session/editRegion.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type DoubleLayer,
  type PhotoshopDouble,
  photoshopDouble,
} from '../doubles/photoshopDouble.ts';

let photoshop: PhotoshopDouble;
let source: DoubleLayer;
let abort: AbortController;

beforeEach(() => {
  photoshop = photoshopDouble();
  source = photoshop.addLayer({
    name: 'Meadow',
    boundsNoEffects: { left: -4, top: 2, right: 36, bottom: 22 },
  });
  abort = new AbortController();
});

const makeHost = () => {
  const { module } = photoshop;
  const info = { name: 'PS', version: '25', pluginVersion: '0' };
  return photoshopHost(
    module,
    info,
    photoshopModal(module.core, async () => {}),
  );
};

const layerNow = (host: ReturnType<typeof makeHost>): EditableLayer => {
  const active = host.activeLayer();
  if (active.kind !== 'editable') throw new Error(active.message);
  return active.layer;
};

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

function planOf(host: HostPort, patch: Partial<LayerPlan> = {}): LayerPlan {
  const source = layerNow(host);
  return { source, region: editRegion(source, 'edit'), name: 'Awe', replaces: null, ...patch };
}

async function apply(paint: Paint = darken, replaces: number | null = null) {
  const host = makeHost();
  photoshop.document.activeLayers = [source];
  const plan = planOf(host, { name: 'Awe · 100 %', replaces });
  return host.addLayer(plan, paint, abort.signal);
}

const target = () => photoshop.document.layers[0] as DoubleLayer;

describe('a new layer', () => {
  it('lies directly above its source, is named, and holds every pixel where it belongs', async () => {
    photoshop.addLayer({ name: 'Curves' });
    await apply();
    expect(photoshop.document.layers.map(({ name }) => name)).toEqual([
      'Curves',
      'Awe · 100 %',
      'Meadow',
    ]);
    const layer = photoshop.document.layers[1] as DoubleLayer;
    expect(layer.pixels.size).toBe(40 * 20);
    const [red, green, blue, alpha] = source.paint(-4, 2);
    expect(layer.pixels.get('-4,2')).toEqual([red >> 1, green >> 1, blue >> 1, alpha]);
    expect(source.pixels.size).toBe(0);
    expect(layer.hasMask).toBe(false);
  });

  it('is one history step, and nothing is left alive', async () => {
    await apply();
    expect(photoshop.history).toEqual(['suspend Awe · 100 %', 'commit']);
    expect(photoshop.alive.size).toBe(0);
  });

  it('is read and written in the document’s own profile and depth', async () => {
    photoshop.bits = 16;
    photoshop.document.bitsPerChannel = 'bitDepth16';
    let range = 0;
    await apply(async (canvas) => {
      const tile = await canvas.readTile(canvas.area);
      if (tile === null) throw new Error('empty');
      range = tile.pixels.format.range;
      expect(tile.pixels.format).toMatchObject({ sample: 'uint16', profile: 'Adobe RGB (1998)' });
      await canvas.writeTile(tile);
    });
    expect(range).toBe(32768);
    const created = photoshop.calls.find(({ name }) => name === 'createImageDataFromBuffer');
    expect(created?.options).toMatchObject({ colorProfile: 'Adobe RGB (1998)', fullRange: false });
    const read = photoshop.calls.find(({ name }) => name === 'getPixels');
    expect(read?.options).toMatchObject({ colorProfile: 'Adobe RGB (1998)' });
    expect(read?.options).not.toHaveProperty('componentSize');
  });

  it('leaves the profile of an untagged document out', async () => {
    photoshop.document.colorProfileName = '';
    await apply();
    const read = photoshop.calls.find(({ name }) => name === 'getPixels');
    expect(read?.options).not.toHaveProperty('colorProfile');
    const created = photoshop.calls.find(({ name }) => name === 'createImageDataFromBuffer');
    expect(created?.options).toMatchObject({ colorProfile: '' });
  });

  it('hands tiles out as Photoshop trims them, and none where nothing is', async () => {
    source.paint = (x, y) => [9, 9, 9, x >= 0 && x < 5 && y >= 8 && y < 10 ? 255 : 0];
    const tiles: unknown[] = [];
    await apply(async (canvas) => {
      tiles.push((await canvas.readTile(canvas.area))?.bounds);
      tiles.push(await canvas.readTile({ left: 30, top: 0, width: 10, height: 20 }));
    });
    expect(tiles).toEqual([{ left: 4, top: 6, width: 5, height: 2 }, null]);
  });

  it('takes the Background’s three components', async () => {
    source.isBackgroundLayer = true;
    await apply(async (canvas) => {
      const tile = await canvas.readTile(canvas.area);
      expect(tile?.pixels.format.channels).toBe(3);
    });
  });

  it('is clipped when its source is', async () => {
    source.isClippingMask = true;
    await apply();
    expect(target().isClippingMask).toBe(true);
  });
});

describe('selection and masks', () => {
  it('paints the selection’s part only, and makes the soft selection its mask', async () => {
    photoshop.document.selection.bounds = { left: 0, top: 0, right: 10, bottom: 10 };
    photoshop.select = (x) => (x >= 0 && x < 10 ? x * 20 : 0);
    await apply();
    expect(target().pixels.has('-4,2')).toBe(false);
    expect(target().pixels.has('9,9')).toBe(true);
    expect(target().mask.get('0,2')).toBe(0);
    expect(target().mask.get('7,9')).toBe(140);
    expect([...target().mask.keys()].sort()).toEqual([...target().pixels.keys()].sort());
  });

  it('takes its source’s mask over, times the selection', async () => {
    source.hasMask = true;
    source.mask.set('3,3', 100);
    photoshop.document.selection.bounds = { left: 0, top: 2, right: 10, bottom: 10 };
    photoshop.select = () => 128;
    await apply();
    expect(target().mask.get('3,3')).toBe(50);
    expect(target().mask.get('4,3')).toBe(128);
  });

  it('takes the place, and the mask, of the result before', async () => {
    photoshop.document.selection.bounds = { left: 0, top: 2, right: 10, bottom: 10 };
    photoshop.select = () => 64;
    const first = await apply();
    photoshop.document.selection.bounds = null;
    await apply(darken, first);
    expect(photoshop.document.layers).toHaveLength(2);
    expect(target().id).not.toBe(first);
    expect(target().mask.get('5,5')).toBe(64);
  });

  it('is written for the selection that the edit was made for, not for another', async () => {
    const host = makeHost();
    photoshop.document.selection.bounds = { left: 0, top: 5, right: 6, bottom: 9 };
    const plan = planOf(host);
    expect(plan.region.bounds).toEqual({ left: -3, top: 2, width: 12, height: 10 });
    const areas: object[] = [];
    const look: Paint = async ({ area, extent }) => void areas.push({ area, extent });
    await host.addLayer(plan, look, abort.signal);
    const area = { left: 3, top: 3, width: 6, height: 4 };
    expect(areas).toEqual([{ area, extent: { width: 12, height: 10 } }]);
    photoshop.document.selection.bounds = { left: 0, top: 5, right: 20, bottom: 9 };
    await expect(host.addLayer(plan, look, abort.signal)).rejects.toMatchObject({
      code: 'SOURCE_CHANGED',
      message: /reaches further into “Meadow”/,
    });
    photoshop.document.selection.bounds = null;
    await expect(host.addLayer(plan, look, abort.signal)).rejects.toMatchObject({
      code: 'SOURCE_CHANGED',
      message: /nothing is selected now/,
      hint: /Reselect/,
    });
    expect(areas).toHaveLength(1);
  });

  it('is known to the host until it is deleted', async () => {
    const host = makeHost();
    const plan = planOf(host);
    const id = await host.addLayer(plan, darken, abort.signal);
    expect([host.hasLayer(4, id), host.hasLayer(5, id), host.hasLayer(4, 99)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(layerNow(host)).toMatchObject({ layerId: source.id, anchorId: id });
    target().delete();
    expect(host.hasLayer(4, id)).toBe(false);
  });

  it('is a new layer when the result before was undone or deleted', async () => {
    await apply(darken, 999);
    expect(photoshop.document.layers).toHaveLength(2);
  });
});

describe('what goes wrong', () => {
  it('is rolled back, whatever it was', async () => {
    await expect(
      apply(async () => {
        throw new Error('disk full');
      }),
    ).rejects.toMatchObject({ code: 'HOST_FAILED', message: /disk full/ });
    expect(photoshop.history).toEqual(['suspend Awe · 100 %', 'roll back']);
  });

  it('is told as it was, even when Photoshop refuses to roll back after a cancel', async () => {
    photoshop.refusesRollBack = true;
    await expect(
      apply(async () => {
        throw new Error('disk full');
      }),
    ).rejects.toMatchObject({ message: /disk full/ });
  });

  it('says that the layer or the document is gone', async () => {
    const host = makeHost();
    const plan = planOf(host);
    source.delete();
    await expect(host.addLayer(plan, darken, abort.signal)).rejects.toMatchObject({
      code: 'SOURCE_GONE',
      message: /“Meadow” is no longer in “meadow.psd”/,
    });
    photoshop.document.id = 77;
    await expect(host.addLayer(plan, darken, abort.signal)).rejects.toMatchObject({
      message: /“meadow.psd” is no longer open/,
    });
  });

  it('follows a layer that was moved, and refuses one that changed its size', async () => {
    const host = makeHost();
    const plan = planOf(host);
    source.boundsNoEffects = { left: 100, top: 100, right: 140, bottom: 120 };
    await host.addLayer(plan, darken, abort.signal);
    expect(target().pixels.has('100,100')).toBe(true);
    source.boundsNoEffects = { left: 0, top: 0, right: 41, bottom: 20 };
    await expect(host.addLayer(plan, darken, abort.signal)).rejects.toMatchObject({
      code: 'SOURCE_CHANGED',
      message: /was 40 × 20 pixels when the edit began and is 41 × 20 pixels now/,
    });
  });

  it('is cancelled by Photoshop’s own button and by the panel’s', async () => {
    const byPhotoshop = apply(async (canvas) => {
      photoshop.context?.onCancel?.();
      await canvas.readTile(canvas.area);
    });
    await expect(byPhotoshop).rejects.toMatchObject({ code: 'CANCELLED' });
    const byPanel = apply(async (canvas) => {
      abort.abort();
      expect(canvas.signal.aborted).toBe(true);
    });
    await expect(byPanel).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(photoshop.history.filter((entry) => entry === 'commit')).toEqual([]);
  });
});

describe('the modal time', () => {
  it('is asked for again while Photoshop is busy, and given up in a sentence', async () => {
    photoshop.isBusy = 4;
    await apply();
    expect(photoshop.document.layers).toHaveLength(2);
    photoshop.isBusy = 99;
    await expect(apply()).rejects.toMatchObject({ code: 'HOST_BUSY' });
  });

  it('leaves history alone that a playing action owns', async () => {
    photoshop.suspensionId = 4294967295;
    await apply();
    expect(photoshop.history).toEqual(['suspend Awe · 100 %']);
  });
});
