import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkPackage, type PackageFiles } from '../../plugin/packaging/checkPackage.ts';
import { makePackage, readFiles } from '../../plugin/packaging/makePackage.ts';
import { buildPanel } from './productionPanel.ts';

const { version } = JSON.parse(
  readFileSync(new URL('../../plugin/package.json', import.meta.url), 'utf8'),
);

let files: PackageFiles;
beforeAll(async () => {
  files = readFiles((await buildPanel()).folder);
});

type Json = Record<string, never>;
/** The package with a change to its manifest or its files. */
function changed(change: (manifest: Json, files: Map<string, Uint8Array>) => void): PackageFiles {
  const copy = new Map(files);
  const manifest = JSON.parse(new TextDecoder().decode(copy.get('manifest.json')));
  change(manifest, copy);
  if (copy.has('manifest.json')) {
    copy.set('manifest.json', new TextEncoder().encode(JSON.stringify(manifest)));
  }
  return copy;
}

describe('the package', () => {
  it('is sound as it is built, and unpacks to the same files with the manifest at its root', () => {
    expect(checkPackage(files, version)).toEqual([]);
    const packed = makePackage(files);
    const unpacked = unzipSync(packed);
    expect(Object.keys(unpacked).sort()).toEqual([...files.keys()].sort());
    for (const [path, bytes] of files) {
      expect(Buffer.compare(unpacked[path]!, bytes), path).toBe(0);
    }
    expect(unpacked['manifest.json']).toBeDefined();
    expect(Buffer.compare(makePackage(files), packed)).toBe(0);
  });

  const domains = (manifest: Json): unknown[] =>
    (manifest as never as { requiredPermissions: { network: { domains: unknown[] } } })
      .requiredPermissions.network.domains;
  const set = (manifest: Json, path: string, value: unknown) => {
    const names = path.split('.');
    const last = names.pop()!;
    (names.reduce((at: Json, name) => at[name]!, manifest) as Record<string, unknown>)[last] =
      value;
  };
  type Case = [string, Parameters<typeof changed>[0], RegExp];
  it.each<Case>([
    ['every domain', (m) => set(m, 'requiredPermissions.network.domains', 'all'), /domains/],
    [
      '"all" among others',
      (m) => void domains(m).push('all'),
      /“all” is not a WebSocket on this machine/,
    ],
    ['another machine', (m) => void domains(m).push('ws://example.org:8765'), /not a WebSocket/],
    [
      'another name of this machine',
      (m) => void domains(m).push('ws://localhost:8765'),
      /not a WebSocket/,
    ],
    ['plain HTTP', (m) => void domains(m).push('http://127.0.0.1:8765'), /not a WebSocket/],
    ['another port', (m) => void domains(m).push('ws://127.0.0.1:80'), /no port of the server/],
    ['the same twice', (m) => void domains(m).push('ws://127.0.0.1:8765'), /twice/],
    ['all files', (m) => set(m, 'requiredPermissions.localFileSystem', 'fullAccess'), /FileSystem/],
    ['the clipboard', (m) => set(m, 'requiredPermissions.clipboard', 'readAndWrite'), /clipboard/],
    [
      'code out of strings',
      (m) => set(m, 'requiredPermissions.allowCodeGenerationFromStrings', true),
      /allowCode/,
    ],
    ['several hosts', (m) => set(m, 'host', [{ app: 'PS' }]), /host/],
    ['a lazy start', (m) => set(m, 'host.data.loadEvent', 'use'), /loadEvent/],
    [
      'an item that nothing runs',
      (m) => set(m, 'entrypoints.1.id', 'emoeditor.evoke.joy'),
      /does not set up.*\n.*evoke\.amusement, which the manifest/,
    ],
    [
      'two of one id',
      (m) => set(m, 'entrypoints.2.id', 'emoeditor.evoke.amusement'),
      /Two entry points/,
    ],
    ['another version', (m) => set(m, 'version', '9.9.9'), /of version 9\.9\.9/],
    ['no icon', (_m, all) => void all.delete('icons/dark@2x.png'), /dark@2x\.png is missing/],
    [
      'a wrong icon',
      (_m, all) => void all.set('icons/dark@2x.png', all.get('icons/dark@1x.png')!),
      /is 23 × 23; the manifest says 46 × 46/,
    ],
    ['no manifest', (_m, all) => void all.delete('manifest.json'), /no manifest/],
    ['no bundle', (_m, all) => void all.delete('index.js'), /index\.js is missing/],
    [
      'a bundle with eval',
      (_m, all) => void all.set('index.js', Buffer.from('eval("1")')),
      /does not start/,
    ],
  ])('is refused with %s', (_what, change, text) => {
    expect(checkPackage(changed(change), version).join('\n')).toMatch(text);
  });
});
