import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import vm from 'node:vm';
import { FakePhotoshop, memorySecrets } from '@emoeditor/fake-photoshop';
import { imageBlobs } from '@emoeditor/fake-photoshop/uxp/imageBlobs.ts';
import { LANGUAGE_GLOBALS } from '@emoeditor/fake-photoshop/uxp/languageOfUxp.ts';
import { SERVER_PORTS } from '@emoeditor/shared';
import { WebSocket } from 'ws';
import { newestChange } from '../../companion-server/bin/newestChange.mjs';
import { scopeTrace } from '../fakes/scopeTrace.ts';
import { PanelPage } from './panelPage.ts';
import { uxpDocument } from './uxpDocument.ts';
import { uxpScope } from './uxpScope.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CONFIG = new URL('../../plugin/webpack.config.js', import.meta.url).href;
/** What the bundle is made of. */
const INGREDIENTS = [
  'plugin/src',
  'plugin/public',
  'shared/src',
  'plugin/webpack.config.js',
  'manifest.json',
  'package-lock.json',
];

export interface BuiltPanel {
  readonly folder: string;
  readonly script: string;
}

/**
 * The bundle as it is shipped: the one that `npm test` builds before the tests, where nothing has changed since; otherwise
 * one that is built once for whatever it is made of.
 */
export async function buildPanel(): Promise<BuiltPanel> {
  if (isCurrent()) return panelIn(join(ROOT, 'plugin/dist'));
  const cache = join(ROOT, '.cache/panels');
  const folder = join(cache, fingerprint());
  if (!existsSync(folder)) {
    mkdirSync(cache, { recursive: true });
    const made = mkdtempSync(join(cache, 'building-'));
    await bundleInto(made);
    // Another process may have been quicker with the same.
    if (!existsSync(folder)) renameSync(made, folder);
  }
  return panelIn(folder);
}

const panelIn = (folder: string): BuiltPanel => ({
  folder,
  script: readFileSync(join(folder, 'index.js'), 'utf8'),
});

function isCurrent(): boolean {
  const changed = (path: string) => newestChange(pathToFileURL(join(ROOT, path)));
  const made = changed('plugin/dist/index.js');
  return INGREDIENTS.every((path) => changed(path.includes('.') ? path : `${path}/`) <= made);
}

async function bundleInto(folder: string): Promise<void> {
  const [{ default: webpack }, { default: config }] = await Promise.all([
    // Takes a second to load, and is needed only after a change.
    import('webpack'),
    import(CONFIG),
  ]);
  await new Promise<void>((resolve, reject) => {
    webpack({ ...config, output: { ...config.output, path: folder } }, (error, stats) => {
      if (error || stats?.hasErrors()) reject(error ?? new Error(stats?.toString('errors-only')));
      else resolve();
    });
  });
}

function fingerprint(): string {
  const hash = createHash('sha256');
  for (const ingredient of INGREDIENTS) {
    const path = join(ROOT, ingredient);
    const files = ingredient.includes('.')
      ? ['']
      : readdirSync(path, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map(({ parentPath, name }) => join(parentPath, name).slice(path.length))
          .sort();
    for (const file of files) hash.update(ingredient + file).update(readFileSync(path + file));
  }
  return hash.digest('hex').slice(0, 16);
}

export interface UxpWorld {
  /** The bundle's global scope. */
  readonly globals: { readonly emoEditorApply?: unknown; readonly [name: string]: unknown };
}

interface World {
  readonly storage?: Map<string, string>;
  /** A real one where the panel is to be drawn. */
  readonly document?: object;
  readonly WebSocket?: unknown;
  /** What hosts since UXP 7.0 have. */
  readonly imageBlobs?: Pick<ReturnType<typeof imageBlobs>, 'ImageBlob' | 'URL'>;
  /** Of every wait from now on; below 1 for tests of long ones. */
  readonly timeScale?: () => number;
  /** True once the plugin is unloaded: nothing that it waits for happens any more. */
  readonly isClosed?: () => boolean;
}

/**
 * Objects of the language that the bundle gets as parameters of a function around it. Every look into the global scope of
 * a `vm` context is a call into C++: `Math.min` for each pixel was a third of the time of an edit.
 */
const QUICK = [...LANGUAGE_GLOBALS].filter((name) => /^[A-Z]\w+$/.test(name) && name in globalThis);
const scripts = new Map<string, vm.Script>();
/** Compiled once for all worlds of a worker. */
function compiled(script: string): vm.Script {
  const names = QUICK.join(', ');
  const inFunction = `(function (${names}) {${script}\n}).call(globalThis, ${names});`;
  const made = scripts.get(script) ?? new vm.Script(inFunction, { filename: 'index.js' });
  scripts.set(script, made);
  return made;
}

/** Runs a script as UXP does: classic, no code out of strings, and none of the globals that UXP lacks. */
export function runAsUxp(
  script: string,
  require: (name: string) => unknown,
  world: World = {},
): UxpWorld {
  const storage = world.storage ?? new Map<string, string>();
  const element = () => ({ setAttribute() {}, appendChild() {}, style: {} });
  const context = uxpScope({
    require,
    module: { exports: {} },
    document: world.document ?? {
      createElement: element,
      createTextNode: element,
      head: element(),
      querySelector: element,
    },
    localStorage: {
      getItem: (key: string) => storage.get(key) ?? null,
      setItem: (key: string, value: string) => void storage.set(key, value),
    },
    WebSocket:
      world.WebSocket ??
      class {
        close() {}
      },
    // Unreferenced, so that a panel that looks for its server for ever does not hold the test run.
    setTimeout: (callback: () => void, delay: number) =>
      setTimeout(
        () => {
          if (world.isClosed?.() !== true) callback();
        },
        delay * (world.timeScale?.() ?? 1),
      ).unref(),
    clearTimeout,
    console,
    ...(world.imageBlobs === undefined
      ? {}
      : { ImageBlob: world.imageBlobs.ImageBlob, URL: world.imageBlobs.URL }),
  });
  // In UXP the document's window is the plugin's global scope, with all that it lacks.
  if (world.document !== undefined)
    Object.defineProperty(world.document, 'defaultView', { value: context });
  compiled(script).runInContext(context);
  return { globals: context };
}

export interface PanelServer {
  readonly port: number;
}

interface WorldOptions {
  /** Of the server that the panel was paired with before; null before that. */
  readonly token?: string | null;
  /** What the plugin's localStorage holds; outlives it. */
  readonly storage?: Map<string, string>;
  readonly cacheLevels?: number;
  /** True for a host that has ImageBlob. */
  readonly hasImageBlobs?: boolean;
}

/** Photoshop with the production bundle loaded and paired; `server` answers on the first port that it looks at. */
export function photoshopWithPanel(
  script: string,
  server: () => PanelServer | null,
  {
    token = null,
    storage = new Map<string, string>(),
    cacheLevels = 4,
    hasImageBlobs = false,
  }: WorldOptions = {},
) {
  const blobs = imageBlobs();
  const secrets = memorySecrets();
  if (token !== null) secrets.set('emoeditor.token', token);
  const sockets: WebSocket[] = [];
  let timeScale = 1;
  let isClosed = false;
  const fake = new FakePhotoshop({
    encodeJpeg: async () => Uint8Array.of(0xff, 0xd8),
    secrets,
    trace: scopeTrace(),
    cacheLevels,
  });
  const { document, violations } = uxpDocument();
  /** UXP's WebSocket; a function, because a constructor may return another object. */
  function Socket(address: string): WebSocket {
    const { pathname, port } = new URL(address);
    // Port 9 (discard) answers nowhere: what a server that was not started looks like.
    const isFound = Number(port) === SERVER_PORTS[0] && !isClosed;
    const actual = (isFound ? server()?.port : undefined) ?? 9;
    const socket = new WebSocket(`ws://127.0.0.1:${actual}${pathname}`);
    sockets.push(socket);
    return socket;
  }
  const { globals } = runAsUxp(script, fake.require, {
    storage,
    document,
    WebSocket: Socket,
    timeScale: () => timeScale,
    isClosed: () => isClosed,
    ...(hasImageBlobs ? { imageBlobs: blobs } : {}),
  });
  fake.actions.globals = globals;
  let page: PanelPage | null = null;
  return {
    fake,
    blobs,
    violations,
    globals,
    storage,
    sockets,
    /** The user opens the panel; which of the two is called, and in which order, differs from host to host. */
    openPanel(calls: readonly ('create' | 'show')[] = ['create', 'show']): PanelPage {
      const root = document.createElement('div');
      document.body.append(root);
      for (const call of calls) fake.panel('emoeditor.panel')[call]?.(root, {});
      page = new PanelPage(root);
      return page;
    },
    /** Makes waits short from now on, once nothing real is waited for. */
    hurry() {
      timeScale = 0.03;
    },
    close() {
      // Or it would connect again, and 32 panels are all that the server of the tests after this one takes.
      isClosed = true;
      if (page !== null) fake.panel('emoeditor.panel').destroy?.(page.root);
      for (const socket of sockets) socket.terminate();
    },
  };
}
