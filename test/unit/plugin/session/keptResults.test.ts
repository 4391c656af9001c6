import { MAX_KEPT, resultsOfSource } from '@emoeditor/plugin/session/keptResults.ts';
import { PanelSession } from '@emoeditor/plugin/session/panelSession.ts';
import { resultOf } from '@emoeditor/plugin/session/panelState.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../doubles/manualClock.ts';
import { memorySettings } from '../doubles/memoryStores.ts';
import {
  playIteration,
  type ScriptedCompanion,
  scriptedCompanion,
  succeed,
} from '../doubles/scriptedCompanion.ts';
import { LAYER, type ScriptedHost, scriptedHost } from '../doubles/scriptedHost.ts';
import { reportOf } from '../doubles/scriptedServer.ts';

let host: ScriptedHost;
let companion: ScriptedCompanion;
let session: PanelSession;

beforeEach(() => {
  host = scriptedHost();
  companion = scriptedCompanion();
  let jobs = 0;
  companion.run = (observer) => {
    jobs += 1;
    return succeed(observer, 3, `j${jobs}`);
  };
  session = new PanelSession({
    host,
    companion,
    settings: memorySettings(),
    clock: manualClock(),
  });
  session.start();
});

const shown = () => resultOf(session.store.state.run);
/** The user clicks the source, or a layer that was made of it; as does Photoshop with a layer that is new. */
const click = (layerId: number) => {
  host.active = { kind: 'editable', layer: { ...LAYER, anchorId: layerId } };
  host.changed();
};
/** An edit, and its layer as the active one. */
async function evoke(target: 'awe' | 'fear'): Promise<number> {
  session.choose({ target });
  await session.evoke();
  const layerId = shown()!.applied!.layerId;
  click(layerId);
  return layerId;
}
/** Ends the next edit after one picture, as a cancel does. */
const cancelSoon = () => {
  companion.run = async (observer) => {
    const report = reportOf(0);
    observer.onEvent({ type: 'queued', position: 0 });
    playIteration(observer, report);
    session.cancel();
    return { jobId: 'cancelled', state: { status: 'cancelled', iterations: [report] } };
  };
};

describe('the film strips of earlier edits', () => {
  it('come back with their layers, at the strength of these', async () => {
    const awe = await evoke('awe');
    session.choose({ intensity: 60 });
    const fear = await evoke('fear');
    expect(shown()).toMatchObject({ jobId: 'j2', subject: { target: 'fear' } });
    click(awe);
    expect(shown()).toMatchObject({ jobId: 'j1', subject: { target: 'awe' } });
    expect(session.store.state.choices).toMatchObject({ target: 'awe', intensity: 100 });
    expect(shown()!.frames).toHaveLength(3);
    click(fear);
    expect(shown()?.jobId).toBe('j2');
    expect(session.store.state.choices).toMatchObject({ target: 'fear', intensity: 60 });
    session.choose({ intensity: 80 });
    await session.apply();
    expect(host.added.at(-1)).toMatchObject({ name: 'Fear · 80 %', replaces: fear });
    expect(companion.released).toEqual([]);
  });

  it('are there while and after another edit of the layer is cancelled', async () => {
    const awe = await evoke('awe');
    cancelSoon();
    await session.evoke();
    expect(shown()).toMatchObject({ jobId: 'cancelled', applied: null });
    const results = resultsOfSource(session.store.state);
    expect(results.map(({ jobId }) => jobId)).toEqual(['j1', 'cancelled']);
    session.showResult('j1');
    expect(shown()).toMatchObject({ jobId: 'j1', applied: { layerId: awe } });
    session.showResult('cancelled');
    expect(shown()?.jobId).toBe('cancelled');
    click(7);
    expect(shown()?.jobId, 'the source itself says nothing').toBe('cancelled');
    click(awe);
    expect(shown()?.jobId).toBe('j1');
  });

  it('are shown again when an edit comes to nothing', async () => {
    await evoke('awe');
    companion.run = async () => {
      throw new Error('no');
    };
    await session.evoke();
    expect(shown()?.jobId).toBe('j1');
    expect(session.store.state.kept).toEqual([]);
  });

  it('are those of the source that is active', async () => {
    await evoke('awe');
    host.active = { kind: 'editable', layer: { ...LAYER, layerId: 8, anchorId: 8 } };
    host.changed();
    await session.evoke();
    expect(resultsOfSource(session.store.state).map(({ jobId }) => jobId)).toEqual(['j2']);
    click(7);
    expect(shown()?.jobId).toBe('j1');
  });

  it('are forgotten, the oldest first, when there are too many', async () => {
    for (let at = 0; at < MAX_KEPT + 3; at += 1) await evoke('awe');
    expect(companion.released).toEqual(['j1', 'j2']);
    expect(resultsOfSource(session.store.state)).toHaveLength(MAX_KEPT + 1);
  });
});
