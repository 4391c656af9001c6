import { runBatch } from '@emoeditor/fake-photoshop';
import { describe, expect, it, vi } from 'vitest';
import { evoke, history, layerOf, names, openDocument, stage, type World } from './stage.ts';

const { photoshop } = stage();
const passing = stage(() => 'scripted');

const EVOKE_FEAR = evoke({ emotion: 'fear', intensity: 80 });

/** Parameters that steps of the first releases lack, as the panel has them unless told otherwise. */
const NEWER = {
  'org.emoeditor.source': 'layer',
  'org.emoeditor.aiNote': 'on',
  'org.emoeditor.instruction': 'auto',
  'org.emoeditor.elements': 100,
  'org.emoeditor.feather': 0,
  'org.emoeditor.padding': 50,
};

describe('expectation 11: an edit can be recorded and played', () => {
  it('what the panel does while an action records is a step that does the same to any document', async () => {
    const world = photoshop();
    const { fake } = world;
    const document = openDocument(fake);
    const page = world.openPanel();
    await page.press(/^Sadness/);
    await page.says('Ready');
    page.enter('Intensity in percent', '70');
    fake.actions.startRecording();
    await page.press('Evoke Sadness');
    await page.says('is in the document');
    const steps = fake.actions.stopRecording();
    expect(steps).toEqual([
      {
        kind: 'method',
        name: 'Evoke Sadness',
        methodName: 'emoEditorApply',
        info: {
          emotion: 'sadness',
          intensity: 70,
          mode: 'fast',
          'org.emoeditor.seed': 42,
          'org.emoeditor.selection': 'edit',
          'org.emoeditor.result': 'layer',
          ...NEWER,
          'org.emoeditor.schemaVersion': 1,
        },
      },
    ]);
    const other = openDocument(fake, { name: 'sea.psd' });
    await fake.actions.play(steps);
    expect(names(other)).toEqual(['Sadness · 70 %', 'Photo', 'Background']);
    const place = layerOf(document, 'Sadness · 70 %').pixels.bounds;
    expect(layerOf(other, 'Sadness · 70 %').pixels.read(place)).toEqual(
      layerOf(document, 'Sadness · 70 %').pixels.read(place),
    );
  });

  it('what fails or is cancelled is not recorded', async () => {
    const world = photoshop();
    const { imaging } = world.fake.require('photoshop') as { imaging: { putPixels: unknown } };
    imaging.putPixels = async () => {
      throw new Error('The scratch disks are full.');
    };
    openDocument(world.fake);
    const page = world.openPanel();
    world.fake.actions.startRecording();
    await page.press('Evoke Awe');
    await page.says('scratch disks are full');
    expect(world.fake.actions.stopRecording()).toEqual([]);
  });

  it('an action that makes one history step of itself keeps it, and is rolled back by nobody', async () => {
    const { fake } = photoshop();
    const document = openDocument(fake);
    await fake.actions.play([EVOKE_FEAR, evoke()], { asOneStep: 'My look' });
    expect(names(document)).toEqual(['Awe · 100 %', 'Fear · 80 %', 'Photo', 'Background']);
    expect(history(document)).toEqual(['Open', 'My look']);
  });

  it('a step plays after the plugin was loaded again, which has nothing of it in memory', async () => {
    const first = photoshop();
    openDocument(first.fake);
    first.fake.actions.startRecording();
    await first.fake.actions.choose({ id: 'emoeditor.evoke.awe', label: 'Evoke Awe' });
    const steps = first.fake.actions.stopRecording();
    const second = photoshop();
    const document = openDocument(second.fake);
    await second.fake.actions.play([...steps, EVOKE_FEAR]);
    expect(history(document)).toEqual(['Open', 'Awe · 100 %', 'Fear · 80 %']);
  });
});

describe('a recorded step', () => {
  it('finds a server that is started while it waits', async () => {
    let isRunning = false;
    const { fake } = photoshop({ hasServer: () => isRunning });
    const document = openDocument(fake);
    const titles: string[] = [];
    fake.modal.onProgress((shown) => titles.push(shown?.title ?? ''));
    const playing = fake.actions.play([EVOKE_FEAR]);
    await vi.waitFor(() => expect(titles).toContain('Looking for the companion server'));
    isRunning = true;
    await playing;
    expect(names(document)[0]).toBe('Fear · 80 %');
  });

  it('[AC8] plays on the active layer of any document, without the panel, as one step, with progress', async () => {
    const { fake } = photoshop();
    const document = openDocument(fake);
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

    const other = openDocument(fake, { name: 'sea.psd' });
    await fake.actions.play([EVOKE_FEAR]);
    expect(names(other)[0]).toBe('Fear · 80 %');
    expect(names(document)).toHaveLength(3);
    expect(fake.images.alive).toBe(0);
  });

  it('can be recorded again: what is kept is the step in this version’s words', async () => {
    const { fake } = photoshop();
    const document = openDocument(fake);
    const again = await fake.actions.recordAgain(EVOKE_FEAR);
    // The step is older than selections; now it says what it did.
    const { info } = EVOKE_FEAR as { info: object };
    expect(again).toEqual({
      ...EVOKE_FEAR,
      info: {
        ...info,
        'org.emoeditor.selection': 'edit',
        'org.emoeditor.result': 'layer',
        ...NEWER,
        // Nothing was added to a scene before a step could say so.
        'org.emoeditor.instruction': 'off',
      },
    });
    expect(await fake.actions.recordAgain(again)).toEqual(again);
    expect(names(document)).toHaveLength(4);
  });

  it.each([
    [
      'another version',
      { 'org.emoeditor.schemaVersion': 9 },
      /Expected a step of version 1.*Record/,
    ],
    ['an emotion of nobody’s', { emotion: 'joy' }, /Expected an emotion/],
  ])('of %s stops the action and says what to do', async (_what, patch, text) => {
    const { fake } = photoshop();
    const document = openDocument(fake);
    const step = { ...EVOKE_FEAR, info: { ...(EVOKE_FEAR as { info: object }).info, ...patch } };
    await expect(fake.actions.play([step])).rejects.toThrow(text);
    expect(history(document)).toEqual(['Open']);
  });

  it('fails at once without a pairing code, and loudly for a document that cannot be edited', async () => {
    const unpaired = photoshop({ token: null });
    openDocument(unpaired.fake);
    await expect(unpaired.fake.actions.play([EVOKE_FEAR])).rejects.toThrow(
      /enter the pairing code/,
    );

    const { fake } = photoshop();
    openDocument(fake, { mode: 'CMYKColorMode' });
    await expect(fake.actions.play([EVOKE_FEAR])).rejects.toThrow(/CMYK mode.*Convert a copy/);
  });
});

describe('menu commands', () => {
  it('[AC9] [AC10] are recorded as menu items and play as them', async () => {
    const { fake } = photoshop();
    const document = openDocument(fake);
    fake.actions.startRecording();
    await fake.actions.choose({ id: 'emoeditor.evoke.awe', label: 'Evoke Awe' });
    const steps = fake.actions.stopRecording();
    expect(steps).toEqual([{ kind: 'menu', id: 'emoeditor.evoke.awe', name: 'Evoke Awe' }]);
    expect(names(document)[0]).toBe('Awe · 100 %');

    const other = openDocument(fake, { name: 'sea.psd' });
    await fake.actions.play(steps);
    expect(history(other)).toEqual(['Open', 'Awe · 100 %']);
  });

  it('repeat the last edit with its emotion and its intensity, wherever it was started', async () => {
    const { fake } = photoshop();
    const document = openDocument(fake);
    await fake.actions.play([EVOKE_FEAR]);
    fake.user(document).undo();
    await fake.actions.choose({ id: 'emoeditor.repeat', label: 'Repeat Last Edit' });
    expect(names(document)).toEqual(['Fear · 80 %', 'Photo', 'Background']);
  });

  it('say loudly why they cannot: no edit yet, no server', async () => {
    const { fake } = photoshop();
    const repeat = { id: 'emoeditor.repeat', label: 'Repeat Last Edit' };
    await expect(fake.actions.choose(repeat)).rejects.toThrow(/no edit to repeat/);
    expect(fake.alerts).toHaveLength(1);
    await expect(fake.actions.choose({ id: 'emoeditor.evoke.joy', label: '' })).rejects.toThrow(
      /no command/,
    );
  });
});

describe('a batch over twenty documents', () => {
  const files = (fake: World['fake']) =>
    Array.from({ length: 20 }, (_, at) => ({
      name: `${at}.psd`,
      open: async () => {
        if (at === 4) throw new Error('“4.psd” cannot be read.');
        return openDocument(fake, {
          name: `${at}.psd`,
          ...(at === 11 ? { mode: 'CMYKColorMode' } : {}),
        });
      },
    }));

  it('edits all but the broken ones and ends with a report that says why', async () => {
    const { fake } = photoshop();
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
    expect(fake.images.alive).toBe(0);
    expect(fake.alerts).toEqual([]);
  });

  it('stops at the first that fails when errors stop it', async () => {
    const { fake } = photoshop();
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
    const { fake, hurry } = passing.photoshop();
    const report = await runBatch(fake.actions, [EVOKE_FEAR], files(fake).slice(0, 3), {
      errors: 'stop',
      close: (document) => fake.close(document),
      onEntry: (_entry, done) => {
        if (done !== 1) return;
        void passing.server().close();
        hurry();
      },
    });
    expect(report.map(({ outcome }) => outcome)).toEqual(['done', 'failed', 'skipped']);
    expect(report[1]?.message).toMatch(/companion server/);
  });
});
