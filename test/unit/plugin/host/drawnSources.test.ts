import { flatten, type LayerContent, newLayer, Raster } from '@emoeditor/fake-photoshop';
import { CancelController } from '@emoeditor/plugin/cancellation.ts';
import type { EditableLayer, LayerAddition, Paint } from '@emoeditor/plugin/host/hostPort.ts';
import { editRegion, wholeLayer } from '@emoeditor/plugin/session/editRegion.ts';
import { DEFAULT_CHOICES } from '@emoeditor/plugin/session/panelState.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { patterned, photoshopWorld, pixelOf } from '../doubles/photoshopWorld.ts';

const REGION = { left: 0, top: 0, right: 64, bottom: 48 };
const { signal } = new CancelController();
let world: ReturnType<typeof photoshopWorld>;

beforeEach(() => {
  world = photoshopWorld();
});

const copy: Paint = async (canvas) => {
  const tile = await canvas.readTile(canvas.area);
  if (tile !== null) await canvas.writeTile(tile);
};
const darken: Paint = async (canvas) => {
  const tile = await canvas.readTile(canvas.area);
  if (tile === null) return;
  const { format, data } = tile.pixels;
  const alpha = format.channels === 4 ? 3 : -1;
  const darker = data.map((value, i) => (i % format.channels === alpha ? value : value >> 1));
  await canvas.writeTile({ ...tile, pixels: { format, data: darker } });
};

const looks = () => flatten(world.document.content, 8, REGION).rgba;
function furthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
}
function add(
  source: EditableLayer,
  paint: Paint,
  more: Partial<LayerAddition> = {},
  replaces: number | null = null,
) {
  const region = editRegion(source, DEFAULT_CHOICES);
  const layer = { source, region, name: 'Awe · 100 %', replaces, note: null };
  return world.host.addLayers('Awe · 100 %', [{ layer, paint, ...more }], signal);
}
async function apply(
  paint: Paint,
  more: Partial<LayerAddition> = {},
  replaces: number | null = null,
) {
  world.user.selectLayer(world.source.id);
  const [id] = await add(world.layerNow(), paint, more, replaces);
  return id!;
}
/** The source becomes another kind of layer, above a green one. */
function become(change: Partial<LayerContent>): void {
  const { document, source } = world;
  const below = newLayer(8, { name: 'Below', pixels: patterned(REGION, () => [9, 200, 30, 255]) });
  document.change({ ...document.content, layers: [source, below] });
  world.change(change);
}
const soft = patterned({ left: 2, top: 2, right: 36, bottom: 22 }, (x, y) => [
  (x * 7) & 255,
  (y * 5) & 255,
  90,
  Math.max(1, (x * 6) & 255),
]);
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
  beforeEach(() => become(change()));

  it('is read without a trace', async () => {
    const { content } = world.document;
    const layer = world.layerNow();
    expect(layer.kind).toBe('drawn');
    const extent = { width: 32, height: 16 };
    const { pixels } = await world.host.captureProxy(layer, wholeLayer(layer), extent, signal);
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
      await world.host.captureProxy(layer, wholeLayer(layer), extent, signal);
    });
    expect(world.document.content.layers).toEqual(before.layers);
    expect(world.document.content.activeIds).toEqual(before.activeIds);
  });

  it('looks as before at intensity 0, and not after an edit', async () => {
    const before = looks();
    await apply(copy);
    expect(world.names()).toEqual(['Awe · 100 %', 'Meadow', 'Below']);
    expect(world.history()).toEqual(['Open', 'Awe · 100 %']);
    expect(furthest(looks(), before)).toBeLessThanOrEqual(1);
    await apply(darken);
    expect(furthest(looks(), before)).toBeGreaterThan(8);
    expect(world.document.content.activeIds).toEqual([world.top().id]);
    expect(world.fake.images.alive).toBe(0);
  });

  it('is as it was when the edit fails', async () => {
    const { content } = world.document;
    const fail: Paint = async () => {
      throw new Error('disk full');
    };
    await expect(apply(fail)).rejects.toMatchObject({ code: 'HOST_FAILED' });
    expect(world.document.content.layers).toBe(content.layers);
    expect(world.history()).toEqual(['Open']);
  });
});

it('a group that passes through is refused where its layers change what is below it', () => {
  const curves = newLayer(8, { kind: 'curves' });
  const inner = newLayer(8, { kind: 'group', blendMode: 'passThrough', children: [curves] });
  for (const child of [curves, inner, newLayer(8, { blendMode: 'multiply' })]) {
    become(group({ blendMode: 'passThrough', children: [child, newLayer(8, { pixels: soft })] }));
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
    become({ pixels: soft, opacity: 50 });
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
    const before = looks();
    await add(layer, copy);
    expect(world.names()).toEqual(['Awe · 100 %', 'Curves', 'Meadow', 'Below']);
    expect(furthest(looks(), before)).toBeLessThanOrEqual(1);
    const [id] = await add(layer, darken);
    expect(pixelOf(looksAsRaster(), 10, 10)[1]).toBe(pixelOf(rasterOf(before), 10, 10)[1]! >> 1);
    expect(world.host.hasLayer(document.id, id!)).toBe(true);
  });

  it('leaves what is half transparent alone', async () => {
    world.change({ pixels: soft });
    const before = looks();
    await add(visible(), darken);
    expect(furthest(looks(), before)).toBe(0);
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
  const looksAsRaster = () => rasterOf(looks());
});
