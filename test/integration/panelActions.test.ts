import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { runBatch } from '../fakes/photoshop/index.ts';
import {
  closeWorlds,
  EVOKE_FEAR,
  history,
  keep,
  names,
  openPhotograph,
  photoshopWith,
} from './actionsWorld.ts';
import { startCompanion } from './companion.ts';
import { type BuiltPanel, buildPanel, photoshopWithPanel } from './productionPanel.ts';

let panel: BuiltPanel;
beforeAll(async () => {
  panel = await buildPanel();
});

afterEach(closeWorlds);

const photoshop = (script?: string) => photoshopWith(panel, script);

describe('a recorded step', () => {
  it('plays on the active layer of any document, without the panel, as one step, with progress', async () => {
    const { fake, document } = await photoshop();
    const progress: (number | null)[] = [];
    const titles = new Set<string>();
    fake.modal.onProgress((shown) => {
      if (shown === null) return;
      progress.push(shown.value);
      titles.add(shown.title);
    });
    await fake.actions.play([EVOKE_FEAR]);
    expect(names(document)).toEqual(['Fear · 80 %', 'Photo', 'Background']);
    expect(history(document)).toEqual(['Open', 'Fear · 80 %']);

    const values = progress.filter((value) => value !== null);
    expect(values.at(-1)).toBe(1);
    expect(values).toEqual([...values].sort((a, b) => a - b));
    expect([...titles].join()).toMatch(/Painting/);
    expect(fake.alerts).toEqual([]);

    const other = openPhotograph(fake, 'sea.psd');
    await fake.actions.play([EVOKE_FEAR]);
    expect(names(other)[0]).toBe('Fear · 80 %');
    expect(names(document)).toHaveLength(3);
    expect(fake.imagesAlive).toBe(0);
  });

  it('can be recorded again: what is kept is the step in this version’s words', async () => {
    const { fake, document } = await photoshop();
    const again = await fake.actions.recordAgain(EVOKE_FEAR);
    // The step is older than selections; now it says what it did.
    const { info } = EVOKE_FEAR as { info: object };
    expect(again).toEqual({
      ...EVOKE_FEAR,
      info: { ...info, 'org.emoeditor.selection': 'edit', 'org.emoeditor.result': 'layer' },
    });
    expect(await fake.actions.recordAgain(again)).toEqual(again);
    expect(names(document)).toHaveLength(4);
  });

  it('is cancelled with Escape: nothing is changed and the action stops', async () => {
    const { fake, document } = await photoshop('slow');
    const playing = fake.actions.play([EVOKE_FEAR, EVOKE_FEAR]);
    playing.catch(() => {});
    await vi.waitFor(() => expect(fake.modal.progress?.title).toMatch(/Painting/), {
      timeout: 20_000,
    });
    const before = performance.now();
    fake.modal.cancel();
    await expect(playing).rejects.toThrow(/cancelled/);
    expect(performance.now() - before).toBeLessThan(1_000);
    expect(history(document)).toEqual(['Open']);
  });

  it.each([
    [
      'another version',
      { 'org.emoeditor.schemaVersion': 9 },
      /Expected a step of version 1.*Record/,
    ],
    ['an emotion of nobody’s', { emotion: 'joy' }, /Expected an emotion/],
  ])('of %s stops the action and says what to do', async (_what, patch, text) => {
    const { fake, document } = await photoshop();
    const step = { ...EVOKE_FEAR, info: { ...(EVOKE_FEAR as { info: object }).info, ...patch } };
    await expect(fake.actions.play([step])).rejects.toThrow(text);
    expect(history(document)).toEqual(['Open']);
  });

  it('fails at once without a pairing code, and loudly for a document that cannot be edited', async () => {
    const server = await startCompanion();
    const world = keep(photoshopWithPanel(panel.script, () => server, { isPaired: false }));
    openPhotograph(world.fake, 'dunes.psd');
    await expect(world.fake.actions.play([EVOKE_FEAR])).rejects.toThrow(/enter the pairing code/);

    const { fake } = await photoshop();
    openPhotograph(fake, 'print.psd', 'CMYKColorMode');
    await expect(fake.actions.play([EVOKE_FEAR])).rejects.toThrow(/CMYK mode.*Convert a copy/);
  });
});

describe('menu commands', () => {
  it('are recorded as menu items and play as them', async () => {
    const { fake, document } = await photoshop();
    fake.actions.startRecording();
    await fake.actions.choose({ id: 'emoeditor.evoke.awe', label: 'Evoke Awe' });
    const steps = fake.actions.stopRecording();
    expect(steps).toEqual([{ kind: 'menu', id: 'emoeditor.evoke.awe', name: 'Evoke Awe' }]);
    expect(names(document)[0]).toBe('Awe · 100 %');

    const other = openPhotograph(fake, 'sea.psd');
    await fake.actions.play(steps);
    expect(history(other)).toEqual(['Open', 'Awe · 100 %']);
  });

  it('repeat the last edit with its emotion and its intensity, wherever it was started', async () => {
    const { fake, document } = await photoshop();
    await fake.actions.play([EVOKE_FEAR]);
    fake.user(document).undo();
    await fake.actions.choose({ id: 'emoeditor.repeat', label: 'Repeat Last Edit' });
    expect(names(document)).toEqual(['Fear · 80 %', 'Photo', 'Background']);
  });

  it('say loudly why they cannot: no edit yet, no server', async () => {
    const { fake } = await photoshop();
    const repeat = { id: 'emoeditor.repeat', label: 'Repeat Last Edit' };
    await expect(fake.actions.choose(repeat)).rejects.toThrow(/no edit to repeat/);
    expect(fake.alerts).toHaveLength(1);
    await expect(fake.actions.choose({ id: 'emoeditor.evoke.joy', label: '' })).rejects.toThrow(
      /no command/,
    );
  });
});

describe('a batch over twenty documents', () => {
  const files = (fake: ReturnType<typeof photoshopWithPanel>['fake']) =>
    Array.from({ length: 20 }, (_, at) => ({
      name: `${at}.psd`,
      open: async () => {
        if (at === 4) throw new Error('“4.psd” cannot be read.');
        return openPhotograph(fake, `${at}.psd`, at === 11 ? 'CMYKColorMode' : undefined);
      },
    }));

  it('edits all but the broken ones and ends with a report that says why', async () => {
    const { fake } = await photoshop();
    const saved: string[][] = [];
    const report = await runBatch(fake.actions, [EVOKE_FEAR], files(fake), {
      errors: 'log',
      close(document, outcome) {
        if (outcome === 'done') saved.push([document.facts.name, ...names(document)]);
        fake.close(document);
      },
    });
    expect(report.filter(({ outcome }) => outcome === 'done')).toHaveLength(18);
    expect(report.filter(({ outcome }) => outcome === 'failed')).toEqual([
      { name: '4.psd', outcome: 'failed', message: '“4.psd” cannot be read.' },
      { name: '11.psd', outcome: 'failed', message: expect.stringMatching(/CMYK mode/) },
    ]);
    expect(saved).toHaveLength(18);
    expect(saved.at(-1)).toEqual(['19.psd', 'Fear · 80 %', 'Photo', 'Background']);
    expect(fake.active?.facts.name).toBe('dunes.psd');
    expect(fake.imagesAlive).toBe(0);
    expect(fake.alerts).toEqual([]);
  });

  it('stops at the first that fails when errors stop it', async () => {
    const { fake } = await photoshop();
    const report = await runBatch(fake.actions, [EVOKE_FEAR], files(fake), {
      errors: 'stop',
      close: (document) => fake.close(document),
    });
    expect(report.map(({ outcome }) => outcome)).toEqual([
      ...Array(4).fill('done'),
      'failed',
      ...Array(15).fill('skipped'),
    ]);
  });

  it('stops for good when the server has gone', async () => {
    const { fake, server, hurry } = await photoshop();
    const report = await runBatch(fake.actions, [EVOKE_FEAR], files(fake).slice(0, 3), {
      errors: 'stop',
      close: (document) => fake.close(document),
      onEntry: (_entry, done) => {
        if (done !== 1) return;
        void server.close();
        hurry();
      },
    });
    expect(report.map(({ outcome }) => outcome)).toEqual(['done', 'failed', 'skipped']);
    expect(report[1]?.message).toMatch(/companion server/);
  });
});
