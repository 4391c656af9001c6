import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import vm from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import webpack from 'webpack';

const CONFIG = new URL('../../plugin/webpack.config.js', import.meta.url).href;

let folder: string;
let script: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'emoeditor-panel-'));
  const { default: config } = await import(CONFIG);
  await new Promise<void>((resolve, reject) => {
    webpack({ ...config, output: { ...config.output, path: folder } }, (error, stats) => {
      if (error || stats?.hasErrors()) reject(error ?? new Error(stats?.toString('errors-only')));
      else resolve();
    });
  });
  script = readFileSync(join(folder, 'index.js'), 'utf8');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the bundle as UXP does: a classic script, no eval, and none of the globals that UXP lacks. */
function load() {
  const required: string[] = [];
  const setups: { panels: Record<string, unknown> }[] = [];
  const element = () => ({ setAttribute() {}, appendChild() {}, style: {} });
  const modules: Record<string, unknown> = {
    photoshop: { app: {}, action: {}, imaging: {}, core: {}, constants: {} },
    uxp: {
      entrypoints: { setup: (setup: never) => setups.push(setup) },
      storage: { secureStorage: { getItem: async () => null } },
      host: { name: 'Photoshop', version: '25.1.0' },
      versions: { uxp: '7.3.0', plugin: '0.1.0' },
    },
  };
  const context = vm.createContext(
    {
      require: (name: string) => {
        required.push(name);
        return modules[name];
      },
      module: { exports: {} },
      document: {
        createElement: element,
        createTextNode: element,
        head: element(),
        querySelector: element,
      },
      localStorage: { getItem: () => null, setItem() {} },
      WebSocket: class {
        close() {}
      },
      // Unreferenced, so that a panel that looks for its server for ever does not hold the test run.
      setTimeout: (callback: () => void, delay: number) => setTimeout(callback, delay).unref(),
      clearTimeout,
      AbortController,
      console,
    },
    { codeGeneration: { strings: false, wasm: false } },
  );
  vm.runInContext('var window = globalThis, self = globalThis;', context);
  vm.runInContext(script, context);
  return { required, setups, context };
}

describe('the production bundle', () => {
  it('is one script, one page, the manifest and its icons', () => {
    expect(
      readdirSync(folder)
        .filter((name) => !name.endsWith('.txt'))
        .sort(),
    ).toEqual(['icons', 'index.html', 'index.js', 'manifest.json']);
  });

  it('sets its entry points up in the turn in which it is loaded, and asks for the host’s modules only', () => {
    const { required, setups } = load();
    expect([...new Set(required)].sort()).toEqual(['photoshop', 'uxp']);
    expect(setups.map(({ panels }) => Object.keys(panels))).toEqual([['emoeditor.panel']]);
  });

  it('needs no code made from strings', () => {
    expect(script).not.toMatch(/\beval\(|new Function\b/);
  });

  it('publishes the function that recorded steps name, and it fails loudly', async () => {
    const { context } = load();
    const apply = vm.runInContext('globalThis.emoEditorApply', context);
    await expect(apply({}, { emotion: 'joy' })).rejects.toThrow(/Expected a step of version 1/);
  });
});
