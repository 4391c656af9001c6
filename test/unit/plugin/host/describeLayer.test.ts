import { describeActive } from '@emoeditor/plugin/host/describeLayer.ts';
import type { Document } from 'photoshop/dom/Document';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type DoubleLayer,
  type PhotoshopDouble,
  photoshopDouble,
} from '../doubles/photoshopDouble.ts';

let photoshop: PhotoshopDouble;
const active = (sourceOf: (id: number) => number | null = () => null) =>
  describeActive(photoshop.document as unknown as Document, sourceOf);
const message = () => {
  const found = active();
  return found.kind === 'editable' ? null : found.message;
};

beforeEach(() => {
  photoshop = photoshopDouble();
});

it('describes a pixel layer, partly off the canvas', () => {
  photoshop.addLayer({ boundsNoEffects: { left: -7, top: 3, right: 33.5, bottom: 40 } });
  expect(active()).toEqual({
    kind: 'editable',
    layer: {
      documentId: 4,
      layerId: 1,
      anchorId: 1,
      name: 'Layer 1',
      documentName: 'meadow.psd',
      bounds: { left: -7, top: 3, width: 41, height: 37 },
      depth: 8,
      profile: 'Adobe RGB (1998)',
      selection: null,
      note: null,
    },
  });
});

it('takes the Background although it is always partly locked', () => {
  photoshop.addLayer({ isBackgroundLayer: true, pixelsLocked: true, kind: 'background' });
  expect(active().kind).toBe('editable');
});

describe('refuses in one sentence', () => {
  const cases: [string, Partial<DoubleLayer>, RegExp][] = [
    ['a group', { kind: 'group' }, /is a group; EmoEditor edits pixel layers/],
    ['a smart object', { kind: 'smartObject' }, /smart object/],
    ['text', { kind: 'text' }, /text layer/],
    ['an adjustment', { kind: 'curves' }, /adjustment layer/],
    ['a fill', { kind: 'solidColor' }, /fill layer/],
    ['a hidden layer', { visible: false }, /is hidden/],
    ['locked pixels', { pixelsLocked: true }, /is locked/],
    ['a locked layer', { allLocked: true }, /is locked/],
    ['an empty layer', { boundsNoEffects: { left: 0, top: 0, right: 0, bottom: 0 } }, /is empty/],
    ['a speck', { boundsNoEffects: { left: 0, top: 0, right: 15, bottom: 90 } }, /15 × 90 pixels/],
  ];
  it.each(cases)('%s', (_what, patch, expected) => {
    photoshop.addLayer(patch);
    expect(message()).toMatch(expected);
    const refused = active();
    expect(refused.kind === 'refused' && refused.hint).not.toBe('');
  });

  it('a layer in a hidden or a locked group', () => {
    const group = photoshop.addLayer({ kind: 'group' });
    photoshop.addLayer({ parent: group });
    group.visible = false;
    expect(message()).toMatch(/is hidden/);
    group.visible = true;
    group.allLocked = true;
    expect(message()).toMatch(/is locked/);
    group.allLocked = false;
    expect(message()).toBeNull();
  });

  it.each([
    ['CMYKColorMode', /CMYK mode/],
    ['grayscaleMode', /Grayscale mode/],
    ['labColorMode', /Lab mode/],
    ['indexedColorMode', /Indexed Color mode/],
  ])('a document in %s', (mode, expected) => {
    photoshop.addLayer();
    photoshop.document.mode = mode;
    expect(message()).toMatch(expected);
  });

  it('32 bits per channel', () => {
    photoshop.addLayer();
    photoshop.document.bitsPerChannel = 'bitDepth32';
    expect(message()).toMatch(/32 bits/);
  });

  it('no document, no layer, several layers, a selection elsewhere', () => {
    expect(describeActive(null, () => null)).toMatchObject({ message: 'No document is open.' });
    expect(message()).toBe('No layer is selected.');
    const layer = photoshop.addLayer();
    photoshop.document.activeLayers = [layer, layer];
    expect(message()).toBe('2 layers are selected.');
    photoshop.document.activeLayers = [layer];
    photoshop.document.selection.bounds = { left: 200, top: 0, right: 210, bottom: 9 };
    expect(message()).toMatch(/selection does not touch/);
  });
});

it('names the part that is selected', () => {
  photoshop.addLayer();
  photoshop.document.selection.bounds = { left: 30, top: -4, right: 99, bottom: 5 };
  expect(active()).toMatchObject({
    layer: { selection: { left: 30, top: 0, width: 10, height: 5 } },
  });
});

it('starts the next edit from the photograph when a result of ours is active', () => {
  const source = photoshop.addLayer({ name: 'Meadow' });
  const result = photoshop.addLayer({ name: 'Awe · 100 %' });
  expect(active((id) => (id === result.id ? source.id : null))).toMatchObject({
    layer: {
      name: 'Meadow',
      layerId: source.id,
      anchorId: result.id,
      note: 'Source of “Awe · 100 %”',
    },
  });
  source.delete();
  expect(active(() => source.id)).toMatchObject({ layer: { name: 'Awe · 100 %' } });
});

it.each([
  ['', 'sRGB IEC61966-2.1', null],
  ['Display P3', 'Display P3', null],
  ['ECI-RGB.V2.icc', 'sRGB IEC61966-2.1', /converts “ECI-RGB.V2.icc” to sRGB/],
])('a document in “%s” is edited in %s', (name, profile, note) => {
  photoshop.addLayer();
  photoshop.document.colorProfileName = name;
  const found = active();
  if (found.kind !== 'editable') throw new Error('refused');
  expect(found.layer.profile).toBe(profile);
  if (note === null) expect(found.layer.note).toBeNull();
  else expect(found.layer.note).toMatch(note);
});
