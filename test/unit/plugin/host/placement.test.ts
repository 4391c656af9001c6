import { flatten, newLayer, Raster } from '@emoeditor/fake-photoshop';
import { CancelController } from '@emoeditor/plugin/cancellation.ts';
import type { NewLayer, Paint } from '@emoeditor/plugin/host/hostPort.ts';
import { editRegion } from '@emoeditor/plugin/session/editRegion.ts';
import { DEFAULT_CHOICES } from '@emoeditor/plugin/session/panelState.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { copy, darken } from '../doubles/paints.ts';
import { patterned, photoshopWorld } from '../doubles/photoshopWorld.ts';

let world: ReturnType<typeof photoshopWorld>;
const { signal } = new CancelController();

beforeEach(() => {
  world = photoshopWorld();
});

function newLayerOf(patch: Partial<NewLayer> = {}): NewLayer {
  const source = world.layerNow();
  return {
    source,
    region: editRegion(source, DEFAULT_CHOICES),
    name: 'Awe · 100 %',
    replaces: null,
    note: null,
    ...patch,
  };
}
function apply(paint: Paint, patch: Partial<NewLayer> = {}) {
  world.user.selectLayer(world.source.id);
  return world.host.addLayer(newLayerOf(patch), paint, signal);
}

describe('a new result', () => {
  it('lies above earlier results of its source, also above those of another session', async () => {
    await apply(darken);
    await apply(darken, { name: 'Fear · 80 %' });
    expect(world.names()).toEqual(['Fear · 80 %', 'Awe · 100 %', 'Meadow']);
    await apply(darken);
    expect(world.names()[0], 'two of one emotion can be told apart').toBe('Awe · 100 % (2)');
    const other = photoshopWorld();
    const { document, source } = other;
    const earlier = newLayer(8, { name: 'Sadness · 40 % copy' });
    document.change({ ...document.content, layers: [earlier, source] });
    const layer = { ...newLayerOf(), source: other.layerNow() };
    await other.host.addLayer(layer, darken, signal);
    expect(other.names()).toEqual(['Awe · 100 %', 'Sadness · 40 % copy', 'Meadow']);
  });
});

describe('[LA9] at intensity 0 the document looks as before', () => {
  const REGION = { left: -4, top: 0, right: 40, bottom: 30 };
  const mask = new Raster(8, 1).write(
    { left: 0, top: 5, right: 30, bottom: 20 },
    Uint8Array.from({ length: 450 }, (_, i) => i % 256),
  );
  const soft = patterned({ left: -4, top: 2, right: 36, bottom: 22 }, (x, y) => [
    (x * 7) & 255,
    (y * 5) & 255,
    90,
    Math.max(1, ((x + 4) * 6) & 255),
  ]);

  const whole = {
    ...{ srcBlackMin: 0, srcBlackMax: 0, srcWhiteMin: 255, srcWhiteMax: 255 },
    ...{ destBlackMin: 0, destBlackMax: 0, destWhiteMin: 255, destWhiteMax: 255 },
  };
  const advanced = (advancedBlending: Record<string, unknown>) => ({ advancedBlending });

  it.each([
    ['a plain layer', {}, false],
    ['soft edges', { pixels: soft }, true],
    ['opacity', { opacity: 40 }, true],
    ['fill', { fillOpacity: 40 }, true],
    ['a layer mask', { mask }, true],
    ['a vector mask', { vectorMask: mask }, true],
    ['a blend mode', { blendMode: 'multiply' }, true],
    ['a style', { hasEffects: true }, true],
    ['knockout', advanced({ knockout: { _enum: 'knockout', _value: 'shallow' } }), true],
    ['no knockout', advanced({ knockout: { _enum: 'knockout', _value: 'none' } }), false],
    ['“Blend If”', advanced({ blendRange: [whole, { ...whole, destWhiteMin: 90 }] }), true],
    ['a whole “Blend If”', advanced({ blendRange: [whole, whole] }), false],
    ['two channels', advanced({ channelRestrictions: [{}, {}] }), true],
  ])('over %s', async (_what, change, isClipped) => {
    const below = newLayer(8, {
      name: 'Below',
      pixels: patterned(REGION, () => [9, 200, 30, 255]),
    });
    const { document, source } = world;
    document.change({ ...document.content, layers: [source, below] });
    world.change(change);
    const before = flatten(document.content, 8, REGION);
    await apply(copy);
    expect(world.top()).toMatchObject({ name: 'Awe · 100 %', isClippingMask: isClipped });
    expect(world.top().mask).toBeNull();
    const after = flatten(document.content, 8, REGION);
    const furthest = after.rgba.reduce(
      (most, v, i) => Math.max(most, Math.abs(v - before.rgba[i]!)),
      0,
    );
    expect(furthest).toBeLessThanOrEqual(1);
    await apply(darken);
    const darker = flatten(document.content, 8, REGION);
    expect(darker.rgba.some((value, i) => Math.abs(value - before.rgba[i]!) > 8)).toBe(true);
  });
});
