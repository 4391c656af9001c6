import { describe, expect, it } from 'vitest';
import { productSources, type Source, sourcesOf } from './sources.ts';

const sources = productSources();

/** `importer -> imported` for every import that a rule forbids. */
function offences(
  importers: (path: string) => boolean,
  forbidden: (imported: string) => boolean,
): string[] {
  return sources
    .filter(({ path }) => importers(path))
    .flatMap(({ path, imports }) =>
      imports.filter(forbidden).map((imported) => `${path} -> ${imported}`),
    );
}

const within =
  (...folders: string[]) =>
  (path: string) =>
    folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
const server = (...rooms: string[]) =>
  within(...rooms.map((room) => `companion-server/src/${room}`));
const isPackage = (name: string) => (imported: string) =>
  imported === name || imported.startsWith(`${name}/`);

/** One importer per foreign world (house rule 2): package → the files that may import it. */
const FOREIGN: ReadonlyArray<readonly [string, (path: string) => boolean]> = [
  // Its types are used all over the host room; the module itself has one importer, see below.
  ['photoshop', within('plugin/src/host')],
  ['uxp', within('plugin/src/host/uxpModules.ts')],
  ['react', within('plugin/src/ui')],
  ['react-dom', within('plugin/src/ui')],
  // Which sees to it first that the library sends nothing.
  ['onnxruntime-node', server('runtime/onnxRuntime.ts')],
  ['@noble/curves', within('shared/src/pairing')],
  ['@noble/hashes', within('shared/src/pairing')],
  ['ws', server('http')],
  ['@nats-io', server('cluster')],
  ['express', server('http')],
  ['prom-client', server('http')],
  ['pino', server('log.ts')],
  ['commander', server('cli')],
  ['cli-progress', server('cli')],
  ['sharp', server('imaging')],
  ['ag-psd', within('fake-photoshop/src')],
];

describe('import rules', () => {
  it('reads every room of the product', () => {
    for (const room of [
      'shared/src/',
      'companion-server/src/',
      'plugin/src/',
      'studio/src/',
      'fake-photoshop/src/',
    ]) {
      expect(sources.filter(({ path }) => path.startsWith(room)).length).toBeGreaterThan(3);
    }
  });

  it.each(FOREIGN)('only its adapter imports %s', (name, allowed) => {
    expect(offences((path) => !allowed(path), isPackage(name))).toEqual([]);
  });

  it('benches and tests load ONNX Runtime through its door too, behind which it sends nothing', () => {
    const loaders = sourcesOf(['bench', 'test'])
      .filter(({ imports }) => imports.some(isPackage('onnxruntime-node')))
      .map(({ path }) => path);
    expect(loaders).toEqual([]);
  });

  it('shared imports nothing but zod/mini, the curve and the hashes of pairing, and itself', () => {
    const allowed = (imported: string) =>
      imported === 'zod/mini' ||
      imported.startsWith('@noble/') ||
      imported.startsWith('shared/src/');
    expect(offences(within('shared/src'), (imported) => !allowed(imported))).toEqual([]);
  });

  it('the parts meet only through shared', () => {
    const parts = ['companion-server/src', 'plugin/src', 'studio/src', 'fake-photoshop/src'];
    for (const part of parts) {
      const others = parts.filter((other) => other !== part);
      expect(offences(within(part), within(...others))).toEqual([]);
    }
  });

  it('nothing shipped imports tests', () => {
    const shipped = within('shared', 'companion-server', 'plugin', 'studio', 'fake-photoshop');
    expect(offences(shipped, within('test'))).toEqual([]);
  });

  it('the fake Photoshop stands alone, and only the studio ships on it', () => {
    const own = (imported: string) =>
      within('fake-photoshop/src')(imported) || imported === 'ag-psd';
    expect(offences(within('fake-photoshop/src'), (imported) => !own(imported))).toEqual([]);
    expect(
      offences(
        within('shared', 'companion-server', 'plugin'),
        isPackage('@emoeditor/fake-photoshop'),
      ),
    ).toEqual([]);
  });

  it('the pipeline and what it stands on know no ONNX, no socket and no file', () => {
    expect(
      offences(
        server('pipeline', 'schedulers', 'tensor'),
        server(
          'runtime',
          'onnx',
          'importer',
          'http',
          'session',
          'jobs',
          'engine',
          'cli',
          'imaging',
        ),
      ),
    ).toEqual([]);
  });

  it('schedulers stand on tensors alone', () => {
    expect(
      offences(server('schedulers'), (imported) =>
        imported.startsWith('companion-server/')
          ? !server('schedulers', 'tensor')(imported)
          : imported !== '@emoeditor/shared',
      ),
    ).toEqual([]);
  });

  it('the compositor stands on pixels and kernels alone', () => {
    expect(
      offences(
        server('compositor'),
        (imported) =>
          imported.startsWith('companion-server/') &&
          !server('compositor', 'imaging', 'wasm', 'hintedError.ts')(imported),
      ),
    ).toEqual([]);
  });

  it('in the panel, only the host room knows more of the host than its ports', () => {
    const ports = within(
      'plugin/src/host/hostPort.ts',
      'plugin/src/host/settingsStore.ts',
      'plugin/src/host/tokenStore.ts',
    );
    expect(
      offences(
        within('plugin/src/client', 'plugin/src/session', 'plugin/src/actions', 'plugin/src/ui'),
        (imported) => within('plugin/src/host')(imported) && !ports(imported),
      ),
    ).toEqual([]);
  });

  it('in the panel, one file brings in Photoshop itself', () => {
    const importers = sources
      .filter(({ path }) => path.startsWith('plugin/src/'))
      .filter(({ text }) => /^import (?!type).* from '(photoshop|uxp)'/m.test(text))
      .map(({ path }) => path);
    expect(importers).toEqual(['plugin/src/host/uxpModules.ts']);
  });

  it('the panel’s use cases know no React and no socket', () => {
    expect(
      offences(within('plugin/src/session', 'plugin/src/actions'), within('plugin/src/ui')),
    ).toEqual([]);
  });

  it('only config.ts and userFolders.ts read the environment', () => {
    const readers = sources
      .filter(({ path }: Source) => path.startsWith('companion-server/src/'))
      .filter(({ text }) => text.includes('process.env'))
      .map(({ path }) => path);
    // The last sets one variable, which a library reads.
    const allowed = server('config.ts', 'userFolders.ts', 'runtime/telemetryOff.ts');
    expect(readers.filter((path) => !allowed(path))).toEqual([]);
  });
});
