import { type LayerContent, newLayer, Raster } from '@emoeditor/fake-photoshop';
import type { Paint } from '@emoeditor/plugin/host/hostPort.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { furthest, REGION, soft, worldOfResults } from '../doubles/addedLayers.ts';
import { copy, darken } from '../doubles/paints.ts';
import { patterned } from '../doubles/photoshopWorld.ts';

let world: ReturnType<typeof worldOfResults>['world'];
let results: ReturnType<typeof worldOfResults>;

beforeEach(() => {
  results = worldOfResults();
  ({ world } = results);
});

/** No content anywhere. */
const nothing: Paint = async () => {};
describe('[BP6] a result as smart object', () => {
  it('looks the same, keeps the hold on its source, and is one step', async () => {
    results.become({ pixels: soft, opacity: 50 });
    const before = results.looks();
    const id = await results.apply(copy, { isSmartObject: true });
    expect(world.top()).toMatchObject({
      id,
      kind: 'smartObject',
      name: 'Awe · 100 %',
      isClippingMask: true,
    });
    expect(furthest(results.looks(), before)).toBeLessThanOrEqual(1);
    expect(world.history()).toEqual(['Open', 'Awe · 100 %']);
    expect(world.host.hasLayer(world.document.id, id)).toBe(true);
  });

  it('has the selection as its mask, also when it takes the place of another', async () => {
    world.user.selectArea({ left: 4, top: 6, right: 20, bottom: 16 }, { feather: 2 });
    await results.apply(darken);
    const { mask } = world.top();
    world.user.undo();
    const id = await results.apply(darken, { isSmartObject: true });
    const area = { left: 0, top: 0, right: 40, bottom: 30 };
    expect(world.top().mask?.read(area)).toEqual(mask?.read(area));
    world.user.deselect();
    await results.apply(darken, { isSmartObject: true }, id);
    expect(world.names()).toEqual(['Awe · 100 %', 'Meadow']);
    expect(world.top().mask?.read(area)).toEqual(mask?.read(area));
  });
});

const asGroup = { above: [{ name: 'Content', paint: nothing }] };

describe('a group as result', () => {
  it('over a plain layer is one', async () => {
    results.become({});
    await results.apply(copy, asGroup);
    expect(world.top()).toMatchObject({ kind: 'group', name: 'Awe · 100 %' });
    expect(world.top().children.map(({ name }) => name)).toEqual(['Content', 'Grade']);
  });

  it.each<[string, Partial<LayerContent>]>([
    ['soft edges', { pixels: soft }],
    ['opacity', { opacity: 40 }],
    ['a blend mode', { blendMode: 'multiply' }],
    ['a style', { hasEffects: true }],
  ])('over %s is its two layers clipped to the source, and looks as before', async (_, change) => {
    results.become(change);
    const before = results.looks();
    const first = await results.apply(copy, asGroup);
    const listed = () =>
      world.document.content.layers.map(({ name, isClippingMask }) =>
        isClippingMask ? `↳${name}` : name,
      );
    const pair = ['↳Awe · 100 % · Content', '↳Awe · 100 %'];
    expect(listed()).toEqual([...pair, 'Meadow', 'Below']);
    expect(furthest(results.looks(), before)).toBeLessThanOrEqual(1);
    // The next takes the place of both.
    await results.apply(darken, asGroup, first);
    expect(listed()).toEqual([...pair, 'Meadow', 'Below']);
  });
});

describe('a source that is clipped itself', () => {
  const base = () =>
    newLayer(8, { name: 'Base', pixels: patterned(REGION, () => [80, 70, 60, 255]) });
  const clippedTo = (change: Partial<LayerContent>) => {
    results.become({ isClippingMask: true, ...change });
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
    const before = results.looks();
    const id = await results.apply(copy);
    expect(world.top()).toMatchObject({ id, isClippingMask: true, visible: true, kind: 'pixel' });
    expect(furthest(results.looks(), before)).toBeLessThanOrEqual(1);
    // The next edit starts from the source, which may be hidden now, and takes the first one’s place.
    const source = world.layerNow();
    expect(source.layerId).toBe(world.source.id);
    await results.add(source, darken, {}, id);
    expect(world.document.content.layers).toHaveLength(4);
    expect(furthest(results.looks(), before)).toBeGreaterThan(4);
  });

  it('and already has a result: the next one hides that, for a copy of the look shows twice', async () => {
    clippedTo({ opacity: 40 });
    const before = results.looks();
    await results.apply(darken);
    await results.add(world.layerNow(), copy);
    expect(world.document.content.layers.map(({ visible }) => visible)).toEqual([
      ...[true, false, false, true, true],
    ]);
    expect(furthest(results.looks(), before)).toBeLessThanOrEqual(1);
  });

  it('takes no group', async () => {
    clippedTo({});
    await expect(results.apply(copy, asGroup)).rejects.toMatchObject({ code: 'HOST_FAILED' });
  });

  it('and has a look of its own cannot be edited in part', async () => {
    clippedTo({ opacity: 40 });
    world.user.selectArea({ left: 4, top: 6, right: 20, bottom: 16 });
    const { content } = world.document;
    await expect(results.apply(copy)).rejects.toMatchObject({
      message: expect.stringMatching(/in part|a part of it/),
    });
    expect(world.document.content.layers).toBe(content.layers);
  });
});

it('a base keeps what is clipped to it: the result goes in between, clipped too', async () => {
  results.become({});
  const { document } = world;
  const clipped = newLayer(8, { name: 'Clipped', isClippingMask: true, pixels: soft, opacity: 30 });
  document.change({ ...document.content, layers: [clipped, ...document.content.layers] });
  const before = results.looks();
  await results.apply(copy);
  expect(document.content.layers.map(({ name, isClippingMask }) => [name, isClippingMask])).toEqual(
    [
      ['Clipped', true],
      ['Awe · 100 %', true],
      ['Meadow', false],
      ['Below', false],
    ],
  );
  expect(furthest(results.looks(), before)).toBeLessThanOrEqual(1);
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
    results.become({ ...change, blendsClippedAsGroup: false });
    const { document } = world;
    const { layers } = document.content;
    if (isBase) document.change({ ...document.content, layers: [clipped(), ...layers] });
    const before = results.looks();
    await results.apply(copy);
    expect(listed()).toEqual([...names, 'Below']);
    expect(furthest(results.looks(), before)).toBeLessThanOrEqual(1);
    // The result is active now.
    await results.add(world.layerNow(), darken);
    expect(furthest(results.looks(), before)).toBeGreaterThan(4);
  });

  it('is edited as a whole, and gets no group', async () => {
    results.become({ pixels: soft, opacity: 40, blendsClippedAsGroup: false });
    await expect(results.apply(copy, asGroup)).rejects.toMatchObject({ code: 'HOST_FAILED' });
    world.user.selectArea({ left: 4, top: 6, right: 20, bottom: 16 });
    await expect(results.apply(copy)).rejects.toMatchObject({
      message: expect.stringMatching(/one by one.*a part of it/),
    });
    expect(listed()).toEqual(['Meadow', 'Below']);
  });
});
