import { playEdit } from '@emoeditor/plugin/actions/playEdit.ts';
import { CancelController } from '@emoeditor/plugin/cancellation.ts';
import { connectionLost } from '@emoeditor/plugin/client/connectionErrors.ts';
import { PanelSession } from '@emoeditor/plugin/session/panelSession.ts';
import { DEFAULT_CHOICES } from '@emoeditor/plugin/session/panelState.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../doubles/manualClock.ts';
import { memorySettings } from '../doubles/memoryStores.ts';
import {
  type ScriptedCompanion,
  scriptedCompanion,
  succeed,
} from '../doubles/scriptedCompanion.ts';
import { LAYER, type ScriptedHost, scriptedHost } from '../doubles/scriptedHost.ts';
import { reportOf } from '../doubles/scriptedServer.ts';

/*
 * An edit holds pictures on the server. Whoever started it lets go of it, whichever way it ends.
 */

let host: ScriptedHost;
let companion: ScriptedCompanion;
/** Stops the piece of work that runs. */
let cancel: () => void;

beforeEach(() => {
  host = scriptedHost();
  companion = scriptedCompanion();
});

/** What starts an edit, to its end. */
const starters: Readonly<Record<string, () => Promise<unknown>>> = {
  'a step of an action': () => {
    const controller = new CancelController();
    cancel = () => controller.abort();
    const ports = { host, companion, clock: manualClock() };
    return playEdit(ports, DEFAULT_CHOICES, () => {}, controller.signal).catch(() => {});
  },
  'a row of a plan': () => {
    const bounds = { left: 0, top: 0, width: 40, height: 30 };
    host.selected = [1, 2].map((layerId) => ({
      kind: 'editable',
      key: `1/${layerId}`,
      layer: { ...LAYER, layerId, bounds },
    }));
    const session = newSession();
    session.plan.chooseRow('1/2', { isIncluded: false });
    return session.runPlan().then(() => session.clearPlan());
  },
};

function newSession(): PanelSession {
  const session = new PanelSession({
    host,
    companion,
    settings: memorySettings(),
    clock: manualClock(),
  });
  session.start();
  cancel = () => session.cancel();
  return session;
}

/** Ways in which it can end. */
const ends: Readonly<Record<string, () => void>> = {
  'ends well': () => {},
  'is cancelled after an iteration': () => {
    companion.run = async () => {
      cancel();
      return { jobId: 'j1', state: { status: 'cancelled', iterations: [reportOf(0)] } };
    };
  },
  'is cancelled as it succeeds': () => {
    companion.run = async (observer) => {
      const job = await succeed(observer, 2);
      cancel();
      return job;
    };
  },
  'cannot be written': () => {
    host.addError = new Error('The document is gone.');
  },
  'loses a tile': () => {
    companion.failTile = { at: 0, error: connectionLost() };
  },
};

describe.each(Object.entries(starters))('the edit of %s', (_starter, start) => {
  it.each(Object.entries(ends))(
    'leaves nothing on the server when it %s',
    async (_end, arrange) => {
      arrange();
      await start();
      expect(companion.edits).toHaveLength(1);
      expect(companion.released).toEqual(['j1']);
    },
  );
});

describe('the edit of the panel', () => {
  it('leaves nothing on the server when it was cancelled before its first picture', async () => {
    companion.run = async () => {
      cancel();
      return { jobId: 'j1', state: { status: 'cancelled', iterations: [] } };
    };
    await newSession().evoke();
    expect(companion.released).toEqual(['j1']);
  });
});
