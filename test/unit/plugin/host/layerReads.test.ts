import { newLayer } from '@emoeditor/fake-photoshop';
import { wholeLayer } from '@emoeditor/plugin/session/editRegion.ts';
import { describe, expect, it, vi } from 'vitest';
import { photoshopWorld } from '../doubles/photoshopWorld.ts';

/** Reads of layers' properties that one look may cost, whatever else is in the document. */
const BUDGET = 40;
const never = new AbortController().signal;
const extent = { width: 32, height: 16 };

/** A document with many other layers, in groups. */
function largeDocument() {
  const world = photoshopWorld();
  const { document, source } = world;
  const groups = Array.from({ length: 20 }, (_, group) =>
    newLayer(8, {
      kind: 'group',
      name: `Group ${group}`,
      children: Array.from({ length: 15 }, (_, at) => newLayer(8, { name: `Layer ${at}` })),
    }),
  );
  document.change({ layers: [...groups, source], activeIds: [source.id], selection: null });
  return world;
}

function editable({ host }: ReturnType<typeof photoshopWorld>) {
  const active = host.activeLayer();
  if (active.kind !== 'editable') throw new Error(`The active layer is ${active.kind}.`);
  return active.layer;
}

describe('looking at the active layer', () => {
  it('costs as many reads in a document of three hundred layers as in one of one', () => {
    const { host, document, source } = largeDocument();
    document.layerReads = 0;
    expect(host.activeLayer().kind).toBe('editable');
    expect(host.hasLayer(document.id, source.id)).toBe(true);
    expect(host.hasLayer(document.id, 987_654)).toBe(false);
    expect(document.layerReads).toBeLessThan(BUDGET);
  });

  it('is done once after a burst of events', async () => {
    vi.useFakeTimers();
    const { host, fake } = largeDocument();
    const listener = vi.fn();
    const stop = host.watch(listener);
    for (const event of ['select', 'make', 'set', 'historyStateChanged']) {
      fake.notifications.notify(event);
    }
    await vi.advanceTimersByTimeAsync(1000);
    expect(listener).toHaveBeenCalledOnce();
    stop();
    vi.useRealTimers();
  });
});

describe('reading a layer’s pixels', () => {
  it('does not hold Photoshop where that is not needed', async () => {
    const world = photoshopWorld({}, 'empty', true);
    const layer = editable(world);
    await world.host.captureProxy(layer, wholeLayer(layer), extent, never);
    expect(world.fake.modal.entered).toBe(0);
  });

  it('holds it where free reads are refused, and asks no second time', async () => {
    const world = photoshopWorld();
    const layer = editable(world);
    const { pixels } = await world.host.captureProxy(layer, wholeLayer(layer), extent, never);
    expect(pixels.format).toMatchObject(extent);
    await world.host.captureProxy(layer, wholeLayer(layer), extent, never);
    expect(world.fake.modal.entered).toBe(2);
    const reads = world.calls.filter(({ name }) => name === 'getPixels');
    await world.host.captureProxy(layer, wholeLayer(layer), extent, never);
    const again = world.calls.filter(({ name }) => name === 'getPixels').length - reads.length;
    // The picture and the grain, once each: no read that was refused before.
    expect(again).toBe((reads.length - 1) / 2);
  });

  it('is done one after another: a reading never makes Photoshop busy for an edit', async () => {
    const world = photoshopWorld();
    const layer = editable(world);
    const read = () => world.host.captureProxy(layer, wholeLayer(layer), extent, never);
    const proxies = await Promise.all([read(), read(), read()]);
    expect(proxies).toHaveLength(3);
    expect(world.fake.modal.refused).toBe(0);
  });

  it('holds it for a selection, which only a modal scope gives', async () => {
    const world = photoshopWorld({}, 'empty', true);
    const layer = editable(world);
    const region = { ...wholeLayer(layer), selection: 'edit' } as const;
    await world.host.captureProxy(layer, region, extent, never).catch(() => {});
    expect(world.fake.modal.entered).toBe(1);
  });
});
