import type { JobObserver } from '@emoeditor/plugin/client/companion.ts';
import { PanelPages } from '@emoeditor/plugin/session/panelPage.ts';
import { PanelSession } from '@emoeditor/plugin/session/panelSession.ts';
import type { IterationReport, OfferedInstruction } from '@emoeditor/shared';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { manualClock } from '../unit/plugin/doubles/manualClock.ts';
import { memorySettings } from '../unit/plugin/doubles/memoryStores.ts';
import {
  playIteration,
  READY,
  type ScriptedCompanion,
  scriptedCompanion,
} from '../unit/plugin/doubles/scriptedCompanion.ts';
import { LAYER, type ScriptedHost, scriptedHost } from '../unit/plugin/doubles/scriptedHost.ts';
import { DISTRIBUTION, IDENTITY, reportOf } from '../unit/plugin/doubles/scriptedServer.ts';
import { PanelPage } from './panelPage.ts';
import { uxpDocument } from './uxpDocument.ts';

/*
 * What the panel says and offers of scenes, drawn in a page as strict as UXP's, with a server that offers instructions.
 */

const OFFERS: readonly OfferedInstruction[] = [
  { id: 'fear/dense-fog', emotion: 'fear', sentence: 'wrap it in dense fog' },
  { id: 'fear/night', emotion: 'fear', sentence: 'make it night' },
  { id: 'fear/crows', emotion: 'fear', sentence: 'let crows circle over it' },
  { id: 'awe/aurora', emotion: 'awe', sentence: 'let an aurora shine over it' },
];

const { document, violations } = uxpDocument();
const world = globalThis as { document?: unknown; window?: unknown; navigator?: unknown };
let mount: typeof import('@emoeditor/plugin/ui/mountPanel.tsx').mountPanel;
beforeAll(async () => {
  world.document = document;
  world.window = globalThis;
  world.navigator ??= { userAgent: '' };
  await import('@emoeditor/plugin/uxpShims.ts');
  ({ mountPanel: mount } = await import('@emoeditor/plugin/ui/mountPanel.tsx'));
});
let unmount = () => {};
afterEach(() => {
  unmount();
  expect(violations).toEqual([]);
});

/** Iterations with these instructions, of which the last is chosen; null is the light alone. */
async function played(observer: JobObserver, jobId: string, scenes: readonly (string | null)[]) {
  const iterations: IterationReport[] = scenes.map((instruction, index) => {
    const report = reportOf(index);
    if (instruction === null) return report;
    const sentence = OFFERS.find(({ id }) => id === instruction)?.sentence ?? null;
    return { ...report, scene: { plan: { instruction, elements: [] }, sentence } };
  });
  observer.onEvent({ type: 'queued', position: 0 });
  for (const report of iterations) playIteration(observer, report);
  const end = {
    ...{ chosen: scenes.length - 1, iterations, sourceDistribution: DISTRIBUTION },
    ...{ unetEvaluations: 4, timings: {} },
  };
  observer.onEvent({ type: 'succeeded', ...end });
  return { jobId, state: { status: 'succeeded', ...end } } as const;
}

interface Stage {
  readonly host: ScriptedHost;
  readonly companion: ScriptedCompanion;
  readonly session: PanelSession;
  readonly page: PanelPage;
  /** Scene of the newest request. */
  scene(): unknown;
}

/** The panel with fear chosen; each edit carries out the first instruction that the request does not rule out. */
function opened(settings = memorySettings()): Stage {
  const host = scriptedHost();
  const companion = scriptedCompanion();
  if (READY.kind !== 'ready') throw new Error('Expected a server.');
  const bundle = { ...IDENTITY.bundle, instructions: [...OFFERS] };
  companion.state = { ...READY, server: { ...IDENTITY, bundle } };
  let jobs = 0;
  companion.run = (observer) => {
    const { scene } = companion.edits.at(-1)!;
    const banned = scene?.banned ?? [];
    const own = OFFERS.find(({ id, emotion }) => emotion === 'fear' && !banned.includes(id));
    jobs += 1;
    return played(observer, `j${jobs}`, [null, scene?.elements === false ? null : own!.id]);
  };
  const session = new PanelSession({ host, companion, settings, clock: manualClock() });
  session.choose({ target: 'fear' });
  session.start();
  const root = document.createElement('div');
  document.body.append(root);
  unmount = mount(
    root,
    session,
    new PanelPages({ diagnose: async () => '', copyText: async () => false }),
  );
  return {
    ...{ host, companion, session, page: new PanelPage(root) },
    scene: () => companion.edits.at(-1)?.scene,
  };
}

describe('the scene in the panel', () => {
  it('is offered for the chosen emotion, in sentences', async () => {
    const { page, session } = opened();
    await page.says('3 of 3 scenes');
    const choices = () =>
      [...page.control('What is added to the scene').querySelectorAll('sp-menu-item')].map(
        ({ textContent }) => textContent,
      );
    expect(choices()).toEqual([
      ...['Chosen for the picture', 'Light alone'],
      ...['Wrap it in dense fog', 'Make it night', 'Let crows circle over it'],
    ]);
    session.choose({ target: 'awe' });
    await page.says('1 of 1 scenes');
    expect(choices().slice(2)).toEqual(['Let an aurora shine over it']);
    session.choose({ target: 'sadness' });
    await expect.poll(() => page.text).not.toContain('scenes');
  });

  it('is named under its frame and told below the strip', async () => {
    const { page, session } = opened();
    await session.evoke();
    await page.says('Dense fog');
    await page.says('Wrap it in dense fog');
    page.control('Elements in percent');
    const frames = [...page.root.querySelectorAll('.frame')];
    expect(frames.map((one) => one.querySelector('.frame-scene')?.textContent ?? null)).toEqual([
      null,
      'Dense fog',
    ]);
    expect(frames[1]!.getAttribute('aria-label')).toMatch(/, Dense fog$/);
    page.key(frames[0]!, 'Enter');
    await expect.poll(() => page.root.querySelector('.film-scene')).toBeNull();
    expect(() => page.control('Elements in percent'), 'the light alone has none').toThrow();
  });

  it('can be left to the server without some of them, which is remembered', async () => {
    const settings = memorySettings();
    const { page, session, scene } = opened(settings);
    await page.press('3 of 3 scenes');
    await page.press('Wrap it in dense fog');
    await page.says('2 of 3 scenes');
    expect(page.control('Wrap it in dense fog').getAttribute('aria-checked')).toBe('false');
    await session.evoke();
    expect(scene()).toEqual({ banned: ['fear/dense-fog'] });
    await page.says('Make it night');
    unmount();
    const again = opened(settings);
    await again.page.says('2 of 3 scenes');
    await again.page.press('2 of 3 scenes');
    await again.page.press('Wrap it in dense fog');
    await again.page.says('3 of 3 scenes');
  });

  it('is another one on demand, and begins again when all were there', async () => {
    const { page, session, scene, host } = opened();
    const another = 'Runs the edit again with another scene than before';
    await page.says('3 of 3 scenes');
    expect(() => page.control(another), 'before there is one').toThrow();
    await session.evoke();
    const shown = () => page.root.querySelector('.film-scene')?.textContent;
    await expect.poll(shown).toBe('Wrap it in dense fog');
    const seen = [shown()];
    for (let at = 0; at < 3; at += 1) {
      const edits = host.added.length;
      await page.press(another);
      await expect.poll(() => host.added.length).toBe(edits + 1);
      await expect.poll(() => page.control(another).hasAttribute('disabled')).toBe(false);
      seen.push(shown());
    }
    expect(seen).toEqual([
      ...['Wrap it in dense fog', 'Make it night', 'Let crows circle over it'],
      'Wrap it in dense fog',
    ]);
    expect(scene()).toEqual({ banned: ['fear/crows'] });
    await page.says('3 of 3 scenes');
    expect(host.added).toHaveLength(4);
    expect(host.added[0]!.source).toBe(LAYER);
  });

  it('is not asked for where the light alone is wanted', async () => {
    const { page, session, scene } = opened();
    await page.says('3 of 3 scenes');
    page.pick('What is added to the scene', 'Light alone');
    await expect.poll(() => page.text).not.toContain('of 3 scenes');
    await session.evoke();
    expect(scene()).toEqual({ elements: false });
  });
});
