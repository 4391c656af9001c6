import { notConnected } from '@emoeditor/plugin/client/connectionErrors.ts';
import type { HostPort, LayerAddition } from '@emoeditor/plugin/host/hostPort.ts';
import { editRegion } from '@emoeditor/plugin/session/editRegion.ts';
import { DEFAULT_CHOICES } from '@emoeditor/plugin/session/panelState.ts';
import { describe, expect, it } from 'vitest';
import { photoshopWorld } from '../unit/plugin/doubles/photoshopWorld.ts';
import { scriptedHost } from '../unit/plugin/doubles/scriptedHost.ts';

interface World {
  readonly host: HostPort;
  /** Names of the history steps that the host has made. */
  steps(): readonly string[];
  /** The user deletes a layer. */
  remove(layerId: number): void;
}

/** The adapter on the fake Photoshop, and the double that the panel's tests use. */
const HOSTS: ReadonlyArray<readonly [string, () => World]> = [
  [
    'Photoshop',
    () => {
      const { host, document, history } = photoshopWorld();
      const remove = (id: number) =>
        document.change({
          ...document.content,
          layers: document.content.layers.filter((layer) => layer.id !== id),
        });
      return { host, steps: () => history().slice(1), remove };
    },
  ],
  [
    'scripted',
    () => {
      const host = scriptedHost();
      const remove = (id: number) => {
        host.removed.add(id);
        host.changed();
      };
      return { host, steps: () => host.historySteps, remove };
    },
  ],
];

const never = () => new AbortController().signal;

function editable(host: HostPort) {
  const active = host.activeLayer();
  if (active.kind !== 'editable') throw new Error(`The active layer is ${active.kind}.`);
  return active.layer;
}

function addition(host: HostPort, more: Partial<LayerAddition> = {}, name = 'Awe'): LayerAddition {
  const source = editable(host);
  const layer = {
    source,
    region: editRegion(source, DEFAULT_CHOICES),
    name,
    replaces: null,
    note: null,
  };
  return {
    layer,
    async paint(canvas) {
      const tile = await canvas.readTile(canvas.area);
      if (tile !== null) await canvas.writeTile(tile);
    },
    ...more,
  };
}

describe.each(HOSTS)('a host: %s', (_name, create) => {
  it('describes a layer that can be edited, and captures it at the size that is asked for', async () => {
    const { host } = create();
    const layer = editable(host);
    expect(layer.bounds.width * layer.bounds.height).toBeGreaterThan(0);
    const extent = { width: 32, height: 16 };
    const captured = await host.captureProxy(
      layer,
      editRegion(layer, DEFAULT_CHOICES),
      extent,
      never(),
    );
    expect(captured.pixels.format).toMatchObject({ ...extent, channels: 3, sample: 'uint8' });
    expect(captured.pixels.data).toHaveLength(32 * 16 * 3);
    expect(captured.picture).toMatch(/^data:/);
    expect(captured.grain).toBeGreaterThanOrEqual(0);
  });

  it('adds a layer as one history step of its name, and says which it is', async () => {
    const { host, steps } = create();
    const { layer, paint } = addition(host);
    const id = await host.addLayer(layer, paint, never());
    expect(steps()).toEqual(['Awe']);
    expect(host.hasLayer(layer.source.documentId, id)).toBe(true);
  });

  it('adds several as one history step, with an id for each in order', async () => {
    const { host, steps } = create();
    const ids = await host.addLayers(
      'Two layers',
      [addition(host, {}, 'Awe'), addition(host, {}, 'Fear')],
      never(),
    );
    expect(steps()).toEqual(['Two layers']);
    expect(new Set(ids).size).toBe(2);
  });

  it('gives the painter an area within the extent, and all its tiles in their own format', async () => {
    const { host } = create();
    let painted = 0;
    const { layer } = addition(host);
    await host.addLayer(
      layer,
      async ({ extent, area, readTile, report, writeTile }) => {
        expect(area.left + area.width).toBeLessThanOrEqual(extent.width);
        expect(area.top + area.height).toBeLessThanOrEqual(extent.height);
        const tile = await readTile(area);
        if (tile === null) throw new Error('Expected pixels in the whole area.');
        const { format, data } = tile.pixels;
        expect(data).toHaveLength(format.width * format.height * format.channels);
        await writeTile(tile);
        painted += 1;
        report(1);
      },
      never(),
    );
    expect(painted).toBe(1);
  });

  it('adds nothing when painting fails, and throws the known error that it threw', async () => {
    const { host, steps } = create();
    const error = notConnected();
    const failing = addition(host, { paint: () => Promise.reject(error) });
    await expect(host.addLayers('Awe', [addition(host), failing], never())).rejects.toBe(error);
    expect(steps()).toEqual([]);
  });

  it('adds nothing when it is cancelled while it paints', async () => {
    const { host, steps } = create();
    const controller = new AbortController();
    const cancelling = addition(host, { paint: async () => controller.abort() });
    const added = host.addLayers('Awe', [cancelling], controller.signal);
    await expect(added).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(steps()).toEqual([]);
  });

  it('knows a layer until it is gone', () => {
    const { host, remove } = create();
    const { documentId, layerId } = editable(host);
    expect(host.hasLayer(documentId, layerId)).toBe(true);
    remove(layerId);
    expect(host.hasLayer(documentId, layerId)).toBe(false);
  });

  it('lets a step be recorded when no action is recorded', async () => {
    const { host } = create();
    await expect(host.recordStep('Evoke Awe', { emotion: 'awe' })).resolves.toBeUndefined();
  });
});
