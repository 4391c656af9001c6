import { connectionLost } from '@emoeditor/plugin/client/connectionErrors.ts';
import { PluginError } from '@emoeditor/plugin/errors.ts';
import type { SelectedLayer } from '@emoeditor/plugin/host/hostPort.ts';
import { PanelSession } from '@emoeditor/plugin/session/panelSession.ts';
import { ProtocolError } from '@emoeditor/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../doubles/manualClock.ts';
import { memorySettings } from '../doubles/memoryStores.ts';
import {
  rejectWhenAborted,
  type ScriptedCompanion,
  scriptedCompanion,
} from '../doubles/scriptedCompanion.ts';
import { LAYER, type ScriptedHost, scriptedHost } from '../doubles/scriptedHost.ts';

let host: ScriptedHost;
let companion: ScriptedCompanion;
let settings: ReturnType<typeof memorySettings>;
let session: PanelSession;
let clock: ReturnType<typeof manualClock>;

const bounds = { left: 0, top: 0, width: 40, height: 30 };
const selected = (layerId: number, name: string): SelectedLayer => ({
  kind: 'editable',
  key: `1/${layerId}`,
  layer: { ...LAYER, layerId, anchorId: layerId, name, bounds },
});
const SKY = selected(1, 'Sky');
const SEA = selected(2, 'Sea');
const SAND = selected(3, 'Sand');

beforeEach(() => {
  host = scriptedHost();
  companion = scriptedCompanion();
  settings = memorySettings();
  host.selected = [SKY, SEA, SAND];
  clock = manualClock();
  session = new PanelSession({ host, companion, settings, clock });
  session.start();
});

const plan = () => session.plan.store.state;
const kinds = () => plan().rows.map(({ status }) => status.kind);
const names = () => host.added.map(({ source, name }) => `${source.name}: ${name}`);

describe('a plan', () => {
  it('has a row for each selected layer, with the panel’s emotion until another is chosen', () => {
    expect(plan().rows.map(({ name, target, intensity }) => [name, target, intensity])).toEqual([
      ['Sky', 'awe', 100],
      ['Sea', 'awe', 100],
      ['Sand', 'awe', 100],
    ]);
    session.plan.chooseRow('1/2', { target: 'fear', intensity: 60 });
    host.selected = [SEA, SAND];
    host.changed();
    expect(plan().rows.map(({ target }) => target)).toEqual(['fear', 'awe']);
    host.selected = [SEA];
    host.changed();
    expect(plan().rows).toEqual([]);
  });

  it('edits each layer with its own emotion and intensity, one history step each', async () => {
    session.plan.chooseRow('1/1', { target: 'awe', intensity: 100 });
    session.plan.chooseRow('1/2', { target: 'fear', intensity: 60 });
    session.plan.chooseRow('1/3', { isIncluded: false });
    await session.runPlan();
    expect(companion.edits.map(({ target }) => target)).toEqual([
      { kind: 'emotion', emotion: 'awe' },
      { kind: 'emotion', emotion: 'fear' },
    ]);
    expect(names()).toEqual(['Sky: Awe · 100 %', 'Sea: Fear · 60 %']);
    expect(host.historySteps).toEqual(['Awe · 100 %', 'Fear · 60 %']);
    // The one at another intensity is previewed first.
    expect(companion.composites.map(({ intensity }) => intensity)).toEqual([1, 0.6, 0.6]);
    expect(companion.released).toHaveLength(2);
    expect(kinds()).toEqual(['done', 'done', 'waiting']);
  });

  it('writes all layers as one history step when asked to, and remembers that', async () => {
    session.plan.chooseSettings({ steps: 'one' });
    await session.runPlan();
    expect(host.historySteps).toEqual(['EmoEditor · 3 layers']);
    expect(names()).toHaveLength(3);
    const next = new PanelSession({ host, companion, settings, clock: manualClock() });
    expect(next.plan.store.state.settings).toEqual({ steps: 'one' });
  });

  it('goes on after a layer that fails, and is resumed with what is left', async () => {
    host.broken.add(2);
    await session.runPlan();
    expect(kinds()).toEqual(['done', 'failed', 'done']);
    expect(plan().rows[1]?.status).toMatchObject({
      message: expect.stringMatching(/No pixels in Sea/),
    });
    expect(plan().isRunning).toBe(false);
    host.broken.clear();
    await session.runPlan();
    expect(kinds()).toEqual(['done', 'done', 'done']);
    expect(names()).toEqual(['Sky: Awe · 100 %', 'Sand: Awe · 100 %', 'Sea: Awe · 100 %']);
    expect(companion.edits).toHaveLength(3);
  });

  it('writes nothing as one step while a layer fails, and keeps what the others cost', async () => {
    session.plan.chooseSettings({ steps: 'one' });
    host.broken.add(2);
    await session.runPlan();
    expect(kinds()).toEqual(['edited', 'failed', 'edited']);
    expect(host.added).toEqual([]);
    session.plan.chooseRow('1/2', { isIncluded: false });
    await session.runPlan();
    expect(names()).toHaveLength(2);
    expect(companion.edits).toHaveLength(2);
  });

  it('stops where the server went away, tells so, and takes up there', async () => {
    const { run } = companion;
    companion.run = async (observer, signal) => {
      if (companion.edits.length === 2) throw connectionLost();
      return run(observer, signal);
    };
    await session.runPlan();
    expect(kinds()).toEqual(['done', 'failed', 'waiting']);
    expect(session.store.state.notice?.error.code).toBe('CONNECTION_LOST');
    companion.run = run;
    await session.runPlan();
    expect(kinds()).toEqual(['done', 'done', 'done']);
    expect(session.store.state.notice).toBeNull();
  });

  it('is cancelled within the layer that is being edited; layers before it stay', async () => {
    const { run } = companion;
    companion.run = async (observer, signal) => {
      if (companion.edits.length === 2) return rejectWhenAborted(signal);
      return run(observer, signal);
    };
    const running = session.runPlan();
    await expect.poll(() => kinds()).toEqual(['done', 'editing', 'waiting']);
    session.cancel();
    expect(plan().isCancelling).toBe(true);
    await running;
    expect(kinds()).toEqual(['done', 'waiting', 'waiting']);
    expect(session.store.state.notice).toBeNull();
  });

  it('makes edits anew that the server no longer knows when they are written', async () => {
    session.plan.chooseSettings({ steps: 'one' });
    host.addError = new ProtocolError({
      code: 'UNKNOWN_JOB',
      message: 'gone',
      hint: '',
      retryable: true,
    });
    await session.runPlan();
    expect(kinds()).toEqual(['waiting', 'waiting', 'waiting']);
    host.addError = null;
    await session.runPlan();
    expect(companion.edits).toHaveLength(6);
    expect(kinds()).toEqual(['done', 'done', 'done']);
  });

  it('keeps edits that Photoshop was too busy to take', async () => {
    session.plan.chooseSettings({ steps: 'one' });
    host.addError = new PluginError('HOST_BUSY', { message: 'busy', hint: '' });
    await session.runPlan();
    expect(kinds()).toEqual(['edited', 'edited', 'edited']);
    host.addError = null;
    await session.runPlan();
    expect(companion.edits).toHaveLength(3);
    expect(kinds()).toEqual(['done', 'done', 'done']);
  });

  it('stays while Photoshop selects the new layer, replaces a layer that is done again, and is closed by hand', async () => {
    await session.runPlan();
    host.selected = [];
    host.changed();
    expect(kinds()).toEqual(['done', 'done', 'done']);
    const made = plan().rows[0]?.resultId;
    session.plan.chooseRow('1/1', { intensity: 50 });
    expect(kinds()[0]).toBe('waiting');
    await session.runPlan();
    expect(host.added.at(-1)).toMatchObject({ name: 'Awe · 50 %', replaces: made });
    session.plan.close();
    expect(plan().rows).toEqual([]);
  });

  it('leaves out layers that cannot be edited, with their reason', async () => {
    host.selected = [
      SKY,
      { kind: 'refused', key: '1/9', name: 'Title', message: '“Title” is a text layer.', hint: '' },
    ];
    host.changed();
    await session.runPlan();
    expect(kinds()).toEqual(['done', 'refused']);
    expect(names()).toEqual(['Sky: Awe · 100 %']);
  });
});

describe('the pictures of a plan', () => {
  beforeEach(() => {
    // As Photoshop's adapter says it of several layers.
    host.active = { kind: 'none', message: '3 layers are selected.', hint: '' };
    host.changed();
  });

  const rows = () =>
    plan().rows.map(({ before, source, after }) => [before, source && 'read', after]);

  it('are those of its layers, read one after another once they are selected', async () => {
    expect(rows()).toEqual(Array(3).fill([null, null, null]));
    await clock.pass(1_000);
    expect(rows()).toEqual(Array(3).fill(['data:before', 'read', null]));
    expect(companion.predictions).toBe(3);
    host.changed();
    await clock.pass(1_000);
    expect(companion.predictions, 'read once').toBe(3);
  });

  it('leave a layer out that cannot be read, and one that Photoshop has to draw', async () => {
    host.broken.add(1);
    host.selected = [SKY, SEA, { ...SAND, layer: { ...LAYER, kind: 'drawn' } } as SelectedLayer];
    host.changed();
    await clock.pass(1_000);
    expect(rows().map(([before]) => before)).toEqual([null, 'data:before', null]);
    const { captures } = host;
    host.changed();
    await clock.pass(1_000);
    expect(host.captures).toBe(captures);
  });

  it('become those of the iteration that is written, at its strength', async () => {
    session.plan.chooseRow('1/2', { intensity: 150 });
    session.plan.chooseRow('1/3', { isIncluded: false });
    await session.runPlan();
    expect(rows()).toEqual([
      ['data:before', 'read', 'data:image/jpeg,1,2,3'],
      ['data:before', 'read', 'data:pixels,10'],
      [null, null, null],
    ]);
    session.plan.chooseRow('1/1', { target: 'fear' });
    expect(rows()[0]).toEqual(['data:before', 'read', null]);
  });

  it('are not read while the plan runs, and then go on', async () => {
    companion.run = (_observer, signal) => rejectWhenAborted(signal);
    const running = session.runPlan();
    await clock.pass(1_000);
    expect(companion.predictions).toBe(0);
    session.cancel();
    await running;
    await clock.pass(1_000);
    expect(companion.predictions).toBe(2);
  });
});
