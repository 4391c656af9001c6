import { type LayerContent, newLayer, Raster } from '@emoeditor/fake-photoshop';
import type { Paint } from '@emoeditor/plugin/host/hostPort.ts';
import { wholeLayer } from '@emoeditor/plugin/session/editRegion.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { furthest, REGION, soft, worldOfResults } from '../doubles/addedLayers.ts';
import { copy, darken } from '../doubles/paints.ts';
import { patterned, pixelOf } from '../doubles/photoshopWorld.ts';

let world: ReturnType<typeof worldOfResults>['world'];
let results: ReturnType<typeof worldOfResults>;

beforeEach(() => {
  results = worldOfResults();
  ({ world } = results);
});

const group = (change: Partial<LayerContent> = {}): Partial<LayerContent> => ({
  kind: 'group',
  pixels: new Raster(8, 4),
  children: [
    newLayer(8, { name: 'Upper', pixels: soft, opacity: 60 }),
    newLayer(8, { name: 'Lower', pixels: patterned({ left: 0, top: 0, right: 30, bottom: 20 }) }),
  ],
  ...change,
});

const KINDS: [string, () => Partial<LayerContent>][] = [
  ['a smart object', () => ({ kind: 'smartObject', pixels: soft, opacity: 70 })],
  ['text', () => ({ kind: 'text', pixels: soft })],
  ['a shape', () => ({ kind: 'solidColor', pixels: soft })],
  ['a group', () => group()],
  ['a group that is half transparent', () => group({ opacity: 40 })],
  ['a group that passes through', () => group({ blendMode: 'passThrough' })],
];

describe.each(KINDS)('[LA10] [LA11] [LA12] [IM21] [BP7] %s', (_what, change) => {
  beforeEach(() => results.become(change()));

  it('is read without a trace', async () => {
    const { content } = world.document;
    const layer = world.layerNow();
    expect(layer.kind).toBe('drawn');
    const extent = { width: 32, height: 16 };
    const { pixels } = await world.host.captureProxy(
      layer,
      wholeLayer(layer),
      extent,
      results.signal,
    );
    expect(pixels.format).toMatchObject(extent);
    expect(new Set(pixels.data).size).toBeGreaterThan(8);
    expect(world.document.content.layers).toBe(content.layers);
    expect(world.document.content.activeIds).toEqual(content.activeIds);
    expect(world.history()).toEqual(['Open']);
    expect(world.fake.images.alive).toBe(0);
  });

  it('is read without a trace where a playing action owns the history', async () => {
    const layer = world.layerNow();
    const before = world.document.content;
    const { history } = world.fake.modal;
    await history.ownedByAction(world.document, 'My action', async () => {
      const extent = { width: 32, height: 16 };
      await world.host.captureProxy(layer, wholeLayer(layer), extent, results.signal);
    });
    expect(world.document.content.layers).toEqual(before.layers);
    expect(world.document.content.activeIds).toEqual(before.activeIds);
  });

  it('looks as before at intensity 0, and not after an edit', async () => {
    const before = results.looks();
    await results.apply(copy);
    expect(world.names()).toEqual(['Awe · 100 %', 'Meadow', 'Below']);
    expect(world.history()).toEqual(['Open', 'Awe · 100 %']);
    expect(furthest(results.looks(), before)).toBeLessThanOrEqual(1);
    await results.apply(darken);
    expect(furthest(results.looks(), before)).toBeGreaterThan(8);
    expect(world.document.content.activeIds).toEqual([world.top().id]);
    expect(world.fake.images.alive).toBe(0);
  });

  it('is as it was when the edit fails', async () => {
    const { content } = world.document;
    const fail: Paint = async () => {
      throw new Error('disk full');
    };
    await expect(results.apply(fail)).rejects.toMatchObject({ code: 'HOST_FAILED' });
    expect(world.document.content.layers).toBe(content.layers);
    expect(world.history()).toEqual(['Open']);
  });
});

it('a group that passes through is refused where its layers change what is below it', () => {
  const curves = newLayer(8, { kind: 'curves' });
  const inner = newLayer(8, { kind: 'group', blendMode: 'passThrough', children: [curves] });
  for (const child of [curves, inner, newLayer(8, { blendMode: 'multiply' })]) {
    results.become(
      group({ blendMode: 'passThrough', children: [child, newLayer(8, { pixels: soft })] }),
    );
    expect(world.host.activeLayer()).toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(/passes through/),
      hint: expect.stringMatching(/What is visible/),
    });
    world.change({ blendMode: 'normal' });
    expect(world.host.activeLayer().kind).toBe('editable');
  }
});

describe('[IM20] what is visible', () => {
  const visible = () => {
    const found = world.host.activeLayer('visible');
    if (found.kind !== 'editable') throw new Error(found.message);
    return found.layer;
  };

  it('is one picture of the canvas, whatever layer is active, and its result goes on top', async () => {
    results.become({ pixels: soft, opacity: 50 });
    const curves = newLayer(8, { name: 'Curves', kind: 'curves' });
    const { document } = world;
    document.change({
      ...document.content,
      layers: [curves, ...document.content.layers],
      activeIds: [],
    });
    const layer = visible();
    expect(layer).toMatchObject({ kind: 'visible', layerId: 0, name: 'What is visible' });
    expect(layer.bounds).toEqual({ left: 0, top: 0, width: 64, height: 48 });
    const before = results.looks();
    await results.add(layer, copy);
    expect(world.names()).toEqual(['Awe · 100 %', 'Curves', 'Meadow', 'Below']);
    expect(furthest(results.looks(), before)).toBeLessThanOrEqual(1);
    const [id] = await results.add(layer, darken);
    expect(pixelOf(looksAsRaster(), 10, 10)[1]).toBe(pixelOf(rasterOf(before), 10, 10)[1]! >> 1);
    expect(world.host.hasLayer(document.id, id!)).toBe(true);
  });

  it('leaves what is half transparent alone', async () => {
    world.change({ pixels: soft });
    const before = results.looks();
    await results.add(visible(), darken);
    expect(furthest(results.looks(), before)).toBe(0);
    expect(world.top().pixels.bounds.right).toBe(0);
  });

  it('is refused beside the selection, and where nothing is open', () => {
    world.user.selectArea({ left: 200, top: 0, right: 210, bottom: 9 });
    expect(world.host.activeLayer('visible')).toMatchObject({ kind: 'refused' });
    world.fake.close(world.document);
    expect(world.host.activeLayer('visible')).toMatchObject({ kind: 'none' });
  });

  const rasterOf = (rgba: Uint8ClampedArray) =>
    new Raster(8, 4).write(REGION, new Uint8Array(rgba));
  const looksAsRaster = () => rasterOf(results.looks());
});
