import { connectionLost } from '@emoeditor/plugin/client/connectionErrors.ts';
import { PluginError } from '@emoeditor/plugin/errors.ts';
import { wholeLayer } from '@emoeditor/plugin/session/editRegion.ts';
import { PanelSession } from '@emoeditor/plugin/session/panelSession.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { type ManualClock, manualClock, settled } from '../doubles/manualClock.ts';
import { memorySettings } from '../doubles/memoryStores.ts';
import {
  playIteration,
  rejectWhenAborted,
  type ScriptedCompanion,
  scriptedCompanion,
} from '../doubles/scriptedCompanion.ts';
import { LAYER, type ScriptedHost, scriptedHost } from '../doubles/scriptedHost.ts';
import { DISTRIBUTION, reportOf } from '../doubles/scriptedServer.ts';

let host: ScriptedHost;
let companion: ScriptedCompanion;
let clock: ManualClock;
let settings: ReturnType<typeof memorySettings>;
let session: PanelSession;

beforeEach(() => {
  host = scriptedHost();
  companion = scriptedCompanion();
  clock = manualClock();
  settings = memorySettings();
  session = new PanelSession({ host, companion, settings, clock });
  session.start();
});

const state = () => session.store.state;

describe('the reading', () => {
  it('is asked for once per layer, after the clicking has settled', async () => {
    host.changed();
    host.changed();
    await clock.pass(1_000);
    expect(companion.predictions).toBe(1);
    expect(state().reading).toMatchObject({ kind: 'read', distribution: DISTRIBUTION });
    host.changed();
    await clock.pass(1_000);
    expect(companion.predictions).toBe(1);

    host.active = { kind: 'editable', layer: { ...LAYER, layerId: 8 } };
    host.changed();
    expect(state().reading.kind).toBe('none');
    await clock.pass(1_000);
    expect(companion.predictions).toBe(2);
  });

  it('of a result is asked again for another intensity, once it has settled', async () => {
    await session.evoke();
    await clock.pass(1_000);
    expect(companion.layersRead).toEqual([]);
    session.choose({ intensity: 70 });
    session.choose({ intensity: 60 });
    await clock.pass(1_000);
    expect(companion.layersRead).toEqual([{ jobId: 'j1', iteration: 2, intensity: 0.6 }]);
    expect(state().layerReading).toMatchObject({ iteration: 2, intensity: 60 });
    // The composite of what the model saw, which is 9 everywhere.
    expect(state().layerReading?.picture).toBe('data:pixels,10');
    expect(companion.composites.at(-1)).toMatchObject({ iteration: 2, intensity: 0.6 });
    session.select(0);
    await clock.pass(1_000);
    expect(companion.layersRead[1]).toEqual({ jobId: 'j1', iteration: 0, intensity: 0.6 });
    session.choose({ intensity: 100 });
    await clock.pass(1_000);
    expect(companion.layersRead).toHaveLength(2);
  });

  it('waits while the panel is hidden or the machine asleep, and the server is looked for afterwards', async () => {
    let looked = 0;
    companion.lookNow = () => {
      looked += 1;
    };
    host.machine('hidden');
    host.active = { kind: 'editable', layer: { ...LAYER, layerId: 8 } };
    host.changed();
    await clock.pass(1_000);
    expect(companion.predictions).toBe(0);
    host.machine('shown');
    await clock.pass(1_000);
    expect([companion.predictions, looked]).toEqual([1, 1]);
    host.machine('sleep');
    host.active = { kind: 'editable', layer: { ...LAYER, layerId: 9 } };
    host.machine('awake');
    await clock.pass(1_000);
    expect([companion.predictions, looked]).toEqual([2, 2]);
  });

  it('is quiet when Photoshop is busy, and tries again on the next change', async () => {
    host.captureError = new PluginError('HOST_BUSY', { message: 'busy', hint: '' });
    await clock.pass(1_000);
    expect(state()).toMatchObject({ reading: { kind: 'none' }, notice: null });
    host.captureError = null;
    host.changed();
    await clock.pass(1_000);
    expect(state().reading.kind).toBe('read');
  });

  it('is read again when asked to', async () => {
    await clock.pass(1_000);
    session.readAgain();
    await clock.pass(1_000);
    expect(companion.predictions).toBe(2);
  });
});

describe('evoke', () => {
  it('runs the edit, applies the chosen iteration as a named layer and records the step', async () => {
    session.choose({ target: 'fear', intensity: 80, mode: 'paper', seed: 5 });
    await session.evoke();
    expect(companion.edits).toEqual([
      { target: { kind: 'emotion', emotion: 'fear' }, mode: 'paper', seed: 5 },
    ]);
    expect(companion.composites).toEqual([
      {
        part: 'all',
        grain: 0.01,
        jobId: 'j1',
        iteration: 2,
        intensity: 0.8,
        extent: { width: 2500, height: 1100 },
      },
    ]);
    expect(host.added).toEqual([
      {
        note: { model: 'Starter', emotion: 'Fear', seed: 5, intensity: 80 },
        source: LAYER,
        region: wholeLayer(LAYER),
        name: 'Fear · 80 %',
        replaces: null,
      },
    ]);
    expect(state().run).toMatchObject({
      kind: 'ended',
      result: { chosen: 2, applied: { iteration: 2, intensity: 80 } },
    });
    expect(host.steps).toMatchObject([{ name: 'Evoke Fear', parameters: { emotion: 'fear' } }]);
  });

  it('writes every tile of the layer once, edited, and skips what is empty', async () => {
    await session.evoke();
    const areas = host.written.map(({ bounds }) => bounds);
    expect(areas).toEqual([
      { left: 0, top: 0, width: 768, height: 768 },
      { left: 768, top: 0, width: 768, height: 768 },
      { left: 1536, top: 0, width: 768, height: 768 },
      { left: 2304, top: 0, width: 196, height: 768 },
      { left: 768, top: 768, width: 768, height: 332 },
      { left: 1536, top: 768, width: 768, height: 332 },
      { left: 2304, top: 768, width: 196, height: 332 },
    ]);
    expect(host.written.every(({ pixels }) => pixels.data[0] === 10)).toBe(true);
    expect(companion.maxWaiting).toBeLessThanOrEqual(3);
  });

  it('uses the layer that is active when it starts', async () => {
    host.active = { kind: 'editable', layer: { ...LAYER, layerId: 8, name: 'Sky' } };
    await session.evoke();
    expect(host.added[0]?.source.name).toBe('Sky');
  });

  it('says why it cannot start', async () => {
    host.active = { kind: 'refused', name: 'Text', message: 'is text', hint: 'choose' };
    await session.evoke();
    expect(state().notice).toMatchObject({
      error: { code: 'LAYER_REFUSED', message: 'is text', hint: 'choose' },
      retry: null,
    });
    companion.state = { kind: 'absent' };
    await session.evoke();
    expect(state().notice?.error.code).toBe('NOT_CONNECTED');
  });

  it('does one thing at a time', async () => {
    const first = session.evoke();
    await session.evoke();
    await first;
    expect(companion.edits).toHaveLength(1);
  });

  it('keeps the iterations of a cancelled edit and writes nothing', async () => {
    companion.run = async (observer, signal) => {
      playIteration(observer, reportOf(0));
      await rejectWhenAborted(signal).catch(() => {});
      return { jobId: 'j1', state: { status: 'cancelled', iterations: [reportOf(0)] } };
    };
    const running = session.evoke();
    await settled();
    session.cancel();
    expect(state().run).toMatchObject({ kind: 'editing', isCancelling: true });
    await running;
    expect(state()).toMatchObject({ run: { kind: 'ended' }, notice: null });
    expect([host.added, host.steps]).toEqual([[], []]);
    await session.apply();
    expect(host.added).toHaveLength(1);
  });

  it('returns to idle without a word when cancelled before the first iteration', async () => {
    companion.run = (_observer, signal) => rejectWhenAborted(signal);
    const running = session.evoke();
    await settled();
    session.cancel();
    await running;
    expect(state()).toMatchObject({ run: { kind: 'idle' }, notice: null });
  });

  it('shows an error with its hint and runs again on retry', async () => {
    companion.run = async () => {
      throw connectionLost();
    };
    await session.evoke();
    expect(state()).toMatchObject({
      run: { kind: 'idle' },
      notice: { error: { code: 'CONNECTION_LOST' }, retry: 'edit' },
    });
    companion.run = scriptedCompanion().run;
    await session.retry();
    expect(state()).toMatchObject({ run: { kind: 'ended' }, notice: null });
  });

  it('that comes to nothing leaves the film strip of before', async () => {
    await session.evoke();
    const before = state().run;
    companion.run = (_observer, signal) => rejectWhenAborted(signal);
    const running = session.evoke();
    await settled();
    session.cancel();
    await running;
    expect(state().run).toEqual(before);
    companion.run = async () => {
      throw connectionLost();
    };
    await session.evoke();
    expect(state().run).toEqual(before);
    expect(companion.released).toEqual([]);
  });
});

describe('choices', () => {
  it('are remembered, and anything unreadable falls back one by one', () => {
    session.choose({ target: 'sadness', seed: 7 });
    const again = new PanelSession({ host, companion, settings, clock });
    expect(again.store.state.choices).toMatchObject({ target: 'sadness', seed: 7 });
    settings.write('settings', '{"target":"joy","intensity":151,"mode":"paper","seed":-1}');
    const broken = new PanelSession({ host, companion, settings, clock });
    expect(broken.store.state.choices).toEqual({
      target: 'awe',
      intensity: 100,
      mode: 'paper',
      seed: 42,
      selection: 'edit',
      feather: 0,
      padding: 50,
      result: 'layer',
      source: 'layer',
      instruction: 'auto',
      banned: [],
      elements: 100,
      aiNote: 'on',
    });
    settings.write('settings', 'not JSON');
    expect(new PanelSession({ host, companion, settings, clock }).store.state.choices.seed).toBe(
      42,
    );
  });
});
