import { type LayerContent, newLayer, Raster } from '@emoeditor/fake-photoshop';
import { describeActive } from '@emoeditor/plugin/host/describeLayer.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { patterned, photoshopWorld } from '../doubles/photoshopWorld.ts';

let world: ReturnType<typeof photoshopWorld>;
const active = (sourceOf: (id: number) => number | null = () => null) =>
  describeActive(world.view(), sourceOf);
const message = () => {
  const found = active();
  return found.kind === 'editable' ? null : found.message;
};

beforeEach(() => {
  world = photoshopWorld();
});

it('describes a pixel layer, partly off the canvas', () => {
  const { document, source } = world;
  expect(active()).toEqual({
    kind: 'editable',
    layer: {
      documentId: document.id,
      layerId: source.id,
      kind: 'pixels',
      anchorId: source.id,
      name: 'Meadow',
      documentName: 'meadow.psd',
      bounds: { left: -4, top: 2, width: 40, height: 20 },
      depth: 8,
      profile: 'Adobe RGB (1998)',
      selection: null,
      note: null,
    },
  });
});

it('takes the Background although it is always partly locked', () => {
  world.change({ isBackground: true, pixelsLocked: true, transparencyLocked: true });
  expect(active().kind).toBe('editable');
});

describe('refuses in one sentence', () => {
  const cases: [string, Partial<LayerContent>, RegExp][] = [
    ['an empty group', { kind: 'group' }, /is empty/],
    ['a video', { kind: 'video' }, /is a video layer; EmoEditor edits what has a picture/],
    ['an adjustment', { kind: 'curves' }, /adjustment layer/],
    ['a hidden layer', { visible: false }, /is hidden/],
    ['locked pixels', { pixelsLocked: true }, /is locked/],
    ['a locked layer', { allLocked: true }, /is locked/],
    ['locked transparency', { transparencyLocked: true }, /transparency of “Meadow” is locked/],
    ['an empty layer', { pixels: new Raster(8, 4) }, /is empty/],
    [
      'a speck',
      { pixels: patterned({ left: 0, top: 0, right: 15, bottom: 90 }) },
      /15 × 90 pixels/,
    ],
  ];
  it.each(cases)('%s', (_what, patch, expected) => {
    world.change(patch);
    expect(message()).toMatch(expected);
    const refused = active();
    expect(refused.kind === 'refused' && refused.hint).not.toBe('');
  });

  it('a layer in a hidden or a locked group', () => {
    const { document, source } = world;
    const within = (change: Partial<LayerContent>) => {
      const group = newLayer(8, { kind: 'group', children: [source], ...change });
      document.change({ ...document.content, layers: [group] });
      return message();
    };
    expect(within({ visible: false })).toMatch(/is hidden/);
    expect(within({ allLocked: true })).toMatch(/is locked/);
    expect(within({})).toBeNull();
  });

  it.each([
    ['CMYKColorMode', /CMYK mode/],
    ['grayscaleMode', /Grayscale mode/],
    ['labColorMode', /Lab mode/],
    ['indexedColorMode', /Indexed Color mode/],
  ])('a document in %s', (mode, expected) => {
    world.document.become({ mode });
    expect(message()).toMatch(expected);
  });

  it('32 bits per channel', () => {
    world.document.become({ depth: 32 });
    expect(message()).toMatch(/32 bits/);
  });

  it('no document, no layer, several layers, a selection elsewhere', () => {
    const { document, source, user } = world;
    expect(describeActive(null, () => null)).toMatchObject({ message: 'No document is open.' });
    const other = newLayer(8);
    document.change({ ...document.content, layers: [other, source], activeIds: [] });
    expect(message()).toBe('No layer is selected.');
    document.change({ ...document.content, activeIds: [other.id, source.id] });
    expect(message()).toBe('2 layers are selected.');
    const hint = expect.stringMatching(/group them.*What is visible/);
    expect(world.host.activeLayer()).toMatchObject({ hint });
    user.selectLayer(source.id);
    user.selectArea({ left: 200, top: 0, right: 210, bottom: 9 });
    expect(message()).toMatch(/selection does not touch/);
  });
});

it('names the part that is selected', () => {
  world.user.selectArea({ left: 30, top: -4, right: 99, bottom: 5 });
  expect(active()).toMatchObject({
    layer: { selection: { left: 30, top: 2, width: 6, height: 3 } },
  });
});

it('starts the next edit from the photograph when a result of ours is active', () => {
  const { document, source, user } = world;
  const result = newLayer(8, { name: 'Awe · 100 %', pixels: source.pixels });
  document.change({ ...document.content, layers: [result, source], activeIds: [result.id] });
  expect(active((id) => (id === result.id ? source.id : null))).toMatchObject({
    layer: {
      name: 'Meadow',
      layerId: source.id,
      anchorId: result.id,
      note: 'Source of “Awe · 100 %”',
    },
  });
  user.deleteLayer(source.id);
  expect(active(() => source.id)).toMatchObject({ layer: { name: 'Awe · 100 %' } });
});

it.each([
  ['', 'sRGB IEC61966-2.1', null],
  ['Display P3', 'Display P3', null],
  ['ECI-RGB.V2.icc', 'sRGB IEC61966-2.1', /converts “ECI-RGB.V2.icc” to sRGB/],
])('a document in “%s” is edited in %s', (profile, samples, note) => {
  world.document.become({ profile });
  const { layer } = active() as { layer: { profile: string; note: string | null } };
  expect(layer.profile).toBe(samples);
  if (note === null) expect(layer.note).toBeNull();
  else expect(layer.note).toMatch(note);
});
