import { connectionLost, refusal } from '@emoeditor/plugin/client/connectionErrors.ts';
import { PanelSession } from '@emoeditor/plugin/session/panelSession.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { type ManualClock, manualClock } from '../doubles/manualClock.ts';
import { memorySettings } from '../doubles/memoryStores.ts';
import { type ScriptedCompanion, scriptedCompanion } from '../doubles/scriptedCompanion.ts';
import { type ScriptedHost, scriptedHost } from '../doubles/scriptedHost.ts';

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

describe('apply', () => {
  it('composites again, and nothing more, for another intensity or iteration, in place of the layer before', async () => {
    await session.evoke();
    const first = state().run;
    const layerId = first.kind === 'ended' ? first.result.applied?.layerId : null;
    session.choose({ intensity: 150 });
    session.select(0);
    await session.apply();
    expect(companion.edits).toHaveLength(1);
    expect(companion.composites[1]).toMatchObject({ iteration: 0, intensity: 1.5 });
    expect(host.added[1]).toMatchObject({ name: 'Awe · 150 %', replaces: layerId });
  });

  it('keeps the result when a tile fails, and can be tried again', async () => {
    companion.failTile = { at: 2, error: connectionLost() };
    await session.evoke();
    expect(host.added).toEqual([]);
    expect(state()).toMatchObject({
      run: { kind: 'ended', result: { applied: null } },
      notice: { error: { code: 'CONNECTION_LOST' }, retry: 'apply' },
    });
    companion.failTile = null;
    await session.retry();
    expect(host.added).toHaveLength(1);
    expect(companion.edits).toHaveLength(1);
  });

  it('lets go of a result that the server has forgotten, and offers the whole edit again', async () => {
    await session.evoke();
    session.choose({ intensity: 50 });
    const error = { code: 'UNKNOWN_JOB', message: 'gone', hint: '', retryable: true } as const;
    companion.failTile = { at: 0, error: refusal(error) };
    await session.apply();
    expect(state()).toMatchObject({
      run: { kind: 'idle' },
      notice: { error: { code: 'UNKNOWN_JOB' }, retry: 'edit' },
    });
    companion.failTile = null;
    await session.retry();
    expect(companion.edits).toHaveLength(2);
    expect(host.added.at(-1)?.name).toBe('Awe · 50 %');
  });

  it('notices that its layer was undone, and offers it as a new layer', async () => {
    await session.evoke();
    host.removed.add(101);
    host.changed();
    expect(state().run).toMatchObject({ kind: 'ended', result: { applied: null } });
    await session.apply();
    expect(host.added[1]?.replaces).toBeNull();
  });

  it('finds its layer again after undo and redo, whichever of them is back', async () => {
    await session.evoke();
    session.choose({ intensity: 50 });
    await session.apply();
    const appliedNow = () => {
      const { run } = state();
      return run.kind === 'ended' ? (run.result.applied?.intensity ?? null) : 'busy';
    };
    // The second took the place of the first.
    host.removed.add(101);
    host.changed();
    expect(appliedNow()).toBe(50);
    host.removed.delete(101);
    host.removed.add(102);
    host.changed();
    expect(appliedNow(), 'undo brings the first back').toBe(100);
    host.removed.add(101);
    host.changed();
    expect(appliedNow()).toBeNull();
    host.removed.clear();
    host.changed();
    expect(appliedNow(), 'redo').toBe(50);
  });

  it('tells what is left, and no more than before', async () => {
    const told: (number | null)[] = [];
    const { addLayers } = host;
    host.addLayers = async (...given) => {
      session.store.subscribe(() => {
        const { run } = state();
        if (run.kind === 'applying') told.push(run.etaMs);
      });
      return addLayers(...given);
    };
    const { openComposite } = companion;
    companion.openComposite = async (...given) => {
      const composite = await openComposite(...given);
      return {
        ...composite,
        async apply(tile) {
          await clock.pass(1_000);
          return composite.apply(tile);
        },
      };
    };
    await session.evoke();
    const times = told.filter((one) => one !== null);
    expect(times.length).toBeGreaterThan(3);
    expect(times).toEqual([...times].sort((a, b) => b - a));
    expect(times.at(-1)).toBe(0);
  });

  it('does nothing without a result', async () => {
    await session.apply();
    expect([companion.composites, state().notice]).toEqual([[], null]);
  });
});
