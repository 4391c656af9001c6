import { flatten, type LayerContent, newLayer, Raster } from '@emoeditor/fake-photoshop';
import { CancelController } from '@emoeditor/plugin/cancellation.ts';
import type { EditableLayer, LayerAddition, Paint } from '@emoeditor/plugin/host/hostPort.ts';
import { editRegion } from '@emoeditor/plugin/session/editRegion.ts';
import { DEFAULT_CHOICES } from '@emoeditor/plugin/session/panelState.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { patterned, photoshopWorld } from '../doubles/photoshopWorld.ts';

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
/** No content anywhere. */
const nothing: Paint = async () => {};

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
describe('[BP6] a result as smart object', () => {
  it('looks the same, keeps the hold on its source, and is one step', async () => {
    become({ pixels: soft, opacity: 50 });
    const before = looks();
    const id = await apply(copy, { isSmartObject: true });
    expect(world.top()).toMatchObject({
      id,
      kind: 'smartObject',
      name: 'Awe · 100 %',
      isClippingMask: true,
    });
    expect(furthest(looks(), before)).toBeLessThanOrEqual(1);
    expect(world.history()).toEqual(['Open', 'Awe · 100 %']);
    expect(world.host.hasLayer(world.document.id, id)).toBe(true);
  });

  it('has the selection as its mask, also when it takes the place of another', async () => {
    world.user.selectArea({ left: 4, top: 6, right: 20, bottom: 16 }, { feather: 2 });
    await apply(darken);
    const { mask } = world.top();
    world.user.undo();
    const id = await apply(darken, { isSmartObject: true });
    const area = { left: 0, top: 0, right: 40, bottom: 30 };
    expect(world.top().mask?.read(area)).toEqual(mask?.read(area));
    world.user.deselect();
    await apply(darken, { isSmartObject: true }, id);
    expect(world.names()).toEqual(['Awe · 100 %', 'Meadow']);
    expect(world.top().mask?.read(area)).toEqual(mask?.read(area));
  });
});

const asGroup = { above: [{ name: 'Content', paint: nothing }] };

describe('a group as result', () => {
  it('over a plain layer is one', async () => {
    become({});
    await apply(copy, asGroup);
    expect(world.top()).toMatchObject({ kind: 'group', name: 'Awe · 100 %' });
    expect(world.top().children.map(({ name }) => name)).toEqual(['Content', 'Grade']);
  });

  it.each<[string, Partial<LayerContent>]>([
    ['soft edges', { pixels: soft }],
    ['opacity', { opacity: 40 }],
    ['a blend mode', { blendMode: 'multiply' }],
    ['a style', { hasEffects: true }],
  ])('over %s is its two layers clipped to the source, and looks as before', async (_, change) => {
    become(change);
    const before = looks();
    const first = await apply(copy, asGroup);
    const listed = () =>
      world.document.content.layers.map(({ name, isClippingMask }) =>
        isClippingMask ? `↳${name}` : name,
      );
    const pair = ['↳Awe · 100 % · Content', '↳Awe · 100 %'];
    expect(listed()).toEqual([...pair, 'Meadow', 'Below']);
    expect(furthest(looks(), before)).toBeLessThanOrEqual(1);
    // The next takes the place of both.
    await apply(darken, asGroup, first);
    expect(listed()).toEqual([...pair, 'Meadow', 'Below']);
  });
});

describe('a source that is clipped itself', () => {
  const base = () =>
    newLayer(8, { name: 'Base', pixels: patterned(REGION, () => [80, 70, 60, 255]) });
  const clippedTo = (change: Partial<LayerContent>) => {
    become({ isClippingMask: true, ...change });
    const { document } = world;
    const [source, below] = document.content.layers;
    document.change({ ...document.content, layers: [source!, base(), below!] });
  };

  it.each<[string, Partial<LayerContent>]>([
    ['opaque', {}],
    ['soft', { pixels: soft }],
    ['half transparent', { opacity: 40 }],
    [
      'masked',
      {
        mask: new Raster(8, 1).write(
          { left: 0, top: 5, right: 30, bottom: 20 },
          new Uint8Array(450).fill(99),
        ),
      },
    ],
    ['a smart object with an opacity', { kind: 'smartObject', opacity: 30 }],
  ])('and %s looks as before at intensity 0', async (_what, change) => {
    clippedTo(change);
    const before = looks();
    const id = await apply(copy);
    expect(world.top()).toMatchObject({ id, isClippingMask: true, visible: true, kind: 'pixel' });
    expect(furthest(looks(), before)).toBeLessThanOrEqual(1);
    // The next edit starts from the source, which may be hidden now, and takes the first one’s place.
    const source = world.layerNow();
    expect(source.layerId).toBe(world.source.id);
    await add(source, darken, {}, id);
    expect(world.document.content.layers).toHaveLength(4);
    expect(furthest(looks(), before)).toBeGreaterThan(4);
  });

  it('and already has a result: the next one hides that, for a copy of the look shows twice', async () => {
    clippedTo({ opacity: 40 });
    const before = looks();
    await apply(darken);
    await add(world.layerNow(), copy);
    expect(world.document.content.layers.map(({ visible }) => visible)).toEqual([
      ...[true, false, false, true, true],
    ]);
    expect(furthest(looks(), before)).toBeLessThanOrEqual(1);
  });

  it('takes no group', async () => {
    clippedTo({});
    await expect(apply(copy, asGroup)).rejects.toMatchObject({ code: 'HOST_FAILED' });
  });

  it('and has a look of its own cannot be edited in part', async () => {
    clippedTo({ opacity: 40 });
    world.user.selectArea({ left: 4, top: 6, right: 20, bottom: 16 });
    const { content } = world.document;
    await expect(apply(copy)).rejects.toMatchObject({
      message: expect.stringMatching(/in part|a part of it/),
    });
    expect(world.document.content.layers).toBe(content.layers);
  });
});

it('a base keeps what is clipped to it: the result goes in between, clipped too', async () => {
  become({});
  const { document } = world;
  const clipped = newLayer(8, { name: 'Clipped', isClippingMask: true, pixels: soft, opacity: 30 });
  document.change({ ...document.content, layers: [clipped, ...document.content.layers] });
  const before = looks();
  await apply(copy);
  expect(document.content.layers.map(({ name, isClippingMask }) => [name, isClippingMask])).toEqual(
    [
      ['Clipped', true],
      ['Awe · 100 %', true],
      ['Meadow', false],
      ['Below', false],
    ],
  );
  expect(furthest(looks(), before)).toBeLessThanOrEqual(1);
});

describe('[LA13] [BP9] a source that blends one by one what is clipped to it', () => {
  const clipped = () =>
    newLayer(8, { name: 'Clipped', isClippingMask: true, pixels: soft, opacity: 30 });
  const listed = () =>
    world.document.content.layers.map(({ name, isClippingMask, visible }) => {
      const text = `${isClippingMask ? '↳' : ''}${name}`;
      return visible ? text : `(${text})`;
    });

  it.each<[string, Partial<LayerContent>, boolean, string[]]>([
    ['soft', { pixels: soft }, false, ['Awe · 100 %', '(Meadow)']],
    ['opaque', {}, false, ['Awe · 100 %', 'Meadow']],
    ['half transparent', { opacity: 40 }, false, ['Awe · 100 %', '(Meadow)']],
    ['soft, a base', { pixels: soft }, true, ['↳Clipped', 'Awe · 100 %', '(Meadow)']],
    ['opaque, a base', {}, true, ['↳Clipped', 'Awe · 100 %', '(Meadow)']],
    [
      'masked, a base',
      { mask: new Raster(8, 1).write(REGION, new Uint8Array(64 * 48).fill(77)) },
      true,
      ['↳Clipped', 'Awe · 100 %', '(Meadow)'],
    ],
  ])('%s: looks as before at intensity 0', async (_, change, isBase, names) => {
    become({ ...change, blendsClippedAsGroup: false });
    const { document } = world;
    const { layers } = document.content;
    if (isBase) document.change({ ...document.content, layers: [clipped(), ...layers] });
    const before = looks();
    await apply(copy);
    expect(listed()).toEqual([...names, 'Below']);
    expect(furthest(looks(), before)).toBeLessThanOrEqual(1);
    // The result is active now.
    await add(world.layerNow(), darken);
    expect(furthest(looks(), before)).toBeGreaterThan(4);
  });

  it('is edited as a whole, and gets no group', async () => {
    become({ pixels: soft, opacity: 40, blendsClippedAsGroup: false });
    await expect(apply(copy, asGroup)).rejects.toMatchObject({ code: 'HOST_FAILED' });
    world.user.selectArea({ left: 4, top: 6, right: 20, bottom: 16 });
    await expect(apply(copy)).rejects.toMatchObject({
      message: expect.stringMatching(/one by one.*a part of it/),
    });
    expect(listed()).toEqual(['Meadow', 'Below']);
  });
});
