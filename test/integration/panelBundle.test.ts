import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type BuiltPanel, buildPanel, photoshopWithPanel, runAsUxp } from './productionPanel.ts';

let panel: BuiltPanel;
beforeAll(async () => {
  panel = await buildPanel();
});

const MISSING = [
  'AbortController',
  'AbortSignal',
  'structuredClone',
  'TextEncoder',
  'TextDecoder',
  'MutationObserver',
  'MessageChannel',
  'queueMicrotask',
  'setImmediate',
  'requestAnimationFrame',
  'matchMedia',
  'Worker',
  'fetch',
  'btoa',
  'URL',
];

type Setup = { panels: Record<string, unknown>; commands: Record<string, unknown> };

function load() {
  const required: string[] = [];
  const setups: Setup[] = [];
  const modules: Record<string, unknown> = {
    photoshop: { app: {}, action: {}, imaging: {}, core: {}, constants: {} },
    uxp: {
      entrypoints: { setup: (setup: Setup) => setups.push(setup) },
      storage: { secureStorage: { getItem: async () => null } },
      host: { name: 'Photoshop', version: '25.1.0' },
      versions: { uxp: '7.3.0', plugin: '0.1.0' },
    },
  };
  const { globals } = runAsUxp(panel.script, (name) => {
    required.push(name);
    return modules[name];
  });
  return { required, setups, globals };
}

describe('the production bundle', () => {
  it('is one script, one page, the manifest and its icons', () => {
    expect(
      readdirSync(panel.folder)
        .filter((name) => !name.endsWith('.txt'))
        .sort(),
    ).toEqual(['icons', 'index.html', 'index.js', 'manifest.json']);
  });

  it('[UX2] sets its entry points up in the turn in which it is loaded, and asks for the host’s modules only', () => {
    const { required, setups } = load();
    expect([...new Set(required)].sort()).toEqual(['photoshop', 'uxp']);
    expect(setups.map(({ panels }) => Object.keys(panels))).toEqual([['emoeditor.panel']]);
    expect(Object.keys(setups[0]?.commands ?? {})).toHaveLength(9);
  });

  it('[UX1] needs no code made from strings', () => {
    expect(panel.script).not.toMatch(/\beval\(|new Function\b/);
  });

  it('[UX3] [UX6] draws the panel without the globals that UXP may lack', async () => {
    const world = photoshopWithPanel(panel.script, () => null);
    for (const name of MISSING)
      expect([name, typeof world.globals[name]]).toEqual([name, 'undefined']);
    const page = world.openPanel();
    await page.says('No document is open');
    await page.says('Evoke Awe');
    world.close();
  });

  it('[UX11] sets properties of widgets to values of their kind, and clears what it has set', async () => {
    const world = photoshopWithPanel(panel.script, () => null);
    const page = world.openPanel();
    await page.press('Advanced');
    const loop = page.control('Rules of the loop');
    page.pick('Rules of the loop', 'As published');
    await expect
      .poll(() => page.root.querySelector('sp-menu-item[selected][value=fast]'))
      .toBeNull();
    expect(page.control('Evoke Awe').hasAttribute('disabled')).toBe(true);
    expect(world.violations).toEqual([]);
    Object.assign(loop, { disabled: undefined });
    expect(world.violations).toEqual(['sp-picker.disabled takes a boolean; undefined was set.']);
    world.close();
  });

  it('publishes the function that recorded steps name, and it fails loudly', async () => {
    const { globals } = load();
    const apply = globals.emoEditorApply as (context: object, info: object) => Promise<unknown>;
    await expect(apply({}, { emotion: 'joy' })).rejects.toThrow(/Expected a step of version 1/);
  });
});
