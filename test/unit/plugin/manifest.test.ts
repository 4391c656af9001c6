import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SERVER_PORTS } from '@emoeditor/shared';
import { expect, it } from 'vitest';

const root = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const manifest = JSON.parse(readFileSync(root('manifest.json'), 'utf8'));

it('[UX4] asks for the server’s five ports on this machine by WebSocket, and nothing else', () => {
  expect(manifest.requiredPermissions.network.domains).toEqual(
    SERVER_PORTS.map((port) => `ws://127.0.0.1:${port}`),
  );
  expect(Object.keys(manifest.requiredPermissions).sort()).toEqual(['localFileSystem', 'network']);
  expect(manifest.requiredPermissions.localFileSystem).toBe('plugin');
});

it('is a version 5 manifest for one host, with the versions that its calls need', () => {
  expect(manifest.manifestVersion).toBe(5);
  expect(manifest.host).toMatchObject({ app: 'PS', minVersion: '25.1.0', data: { apiVersion: 2 } });
  const { version } = JSON.parse(readFileSync(root('plugin/package.json'), 'utf8'));
  expect(manifest.version).toBe(version);
});

it('names icons that exist, at every scale', () => {
  const icons = [manifest, ...manifest.entrypoints].flatMap(({ icons = [] }) => icons);
  expect(icons.length).toBeGreaterThan(2);
  for (const { path, scale } of icons) {
    for (const factor of scale) {
      const file = path.replace('.png', `@${factor}x.png`);
      expect([file, existsSync(root(`plugin/public/${file}`))]).toEqual([file, true]);
    }
  }
});
