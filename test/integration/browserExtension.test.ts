import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunningServer } from '@emoeditor/companion-server/main.ts';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanUp, newFolder, sharedCompanion } from './companion.ts';
import { installedBrowser } from './installedBrowser.ts';

const skipped = installedBrowser === undefined ? ' (skipped: no Chromium is installed)' : '';

/** With the permission to read every page of this machine, which users give to many extensions. */
const MANIFEST = {
  manifest_version: 3,
  name: 'curious',
  version: '1.0',
  host_permissions: ['http://127.0.0.1/*', 'http://localhost/*'],
  background: { service_worker: 'worker.js' },
};

describe.skipIf(installedBrowser === undefined)(`a browser's extension${skipped}`, () => {
  let server: RunningServer;
  let browser: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    server = await sharedCompanion();
    const folder = await newFolder();
    const extension = join(folder, 'extension');
    await mkdir(extension);
    await writeFile(join(extension, 'manifest.json'), JSON.stringify(MANIFEST));
    await writeFile(join(extension, 'worker.js'), '');
    await writeFile(join(extension, 'page.html'), '<!doctype html><title>curious</title>');
    browser = await chromium.launchPersistentContext(join(folder, 'profile'), {
      ...(installedBrowser === undefined ? {} : { executablePath: installedBrowser }),
      args: [
        '--no-sandbox',
        `--disable-extensions-except=${extension}`,
        `--load-extension=${extension}`,
      ],
    });
    const worker = browser.serviceWorkers()[0] ?? (await browser.waitForEvent('serviceworker'));
    page = await browser.newPage();
    await page.goto(new URL('page.html', worker.url()).href);
  });
  afterAll(async () => {
    await browser?.close();
    await cleanUp();
  });

  it('SE3: opens no socket', async () => {
    expect(await page.evaluate('location.protocol')).toBe('chrome-extension:');
    const end = await page.evaluate(
      (url) =>
        new Promise((resolve) => {
          const socket = new WebSocket(url);
          socket.onopen = () => resolve('open');
          socket.onclose = () => resolve('closed');
        }),
      `ws://127.0.0.1:${server.port}/v1`,
    );
    expect(end).toBe('closed');
  });

  it('finds no secret in what it may read', async () => {
    const texts = await page.evaluate(
      (url) =>
        Promise.all(
          ['', 'health', 'version', 'metrics'].map((path) =>
            fetch(url + path).then((response) => response.text()),
          ),
        ),
      server.url,
    );
    const [, linkCode = ''] = server.studioUrl.split('=');
    for (const text of texts) {
      expect(text).not.toContain(linkCode);
      expect(text.replaceAll('-', '')).not.toContain(server.pairingCode.replace('-', ''));
      for (const { id, key } of await server.pairings.list()) {
        expect(text).not.toContain(id);
        expect(text).not.toContain(key);
      }
    }
  });
});
