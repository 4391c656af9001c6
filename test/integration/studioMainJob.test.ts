import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '@emoeditor/companion-server/config.ts';
import { SILENT } from '@emoeditor/companion-server/log.ts';
import { type RunningServer, startServer } from '@emoeditor/companion-server/main.ts';
import { readPsd } from 'ag-psd';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];
const executablePath = BROWSERS.find((path) => existsSync(path));
const STUDIO = join(import.meta.dirname, '../../studio/dist/index.html');
/** An edit on a busy machine with two cores; usually it is seconds. */
const PATIENCE = 90_000;

const obstacle =
  executablePath === undefined
    ? 'no Chromium, Chrome or Edge is installed'
    : existsSync(STUDIO)
      ? null
      : 'the studio is not built (npm run build)';

let folder: string;
let server: RunningServer;
let browser: Browser;
let page: Page;
const problems: string[] = [];

describe.skipIf(obstacle !== null)(
  `the studio${obstacle === null ? '' : ` (skipped: ${obstacle})`}`,
  () => {
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'emoeditor-studio-'));
      // One of the ports that the panel looks at.
      server = await startServer(readConfig({ tokenFile: join(folder, 'token') }), {
        log: SILENT,
      });
      // As root, in containers, Chromium has no sandbox of its own.
      browser = await chromium.launch({
        ...(executablePath === undefined ? {} : { executablePath }),
        args: ['--no-sandbox'],
      });
      page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'dark' });
      page.setDefaultTimeout(PATIENCE);
      page.on('pageerror', (error) => problems.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(message.text());
      });
      await page.goto(server.url);
    });
    afterAll(async () => {
      await browser?.close();
      await server?.close();
      await rm(folder, { recursive: true, force: true });
    });

    const layerNames = () => page.locator('.studio-layer-name').allTextContents();

    it('does the main job: awe, previews, a new layer above the source, toggle, undo, redo, PSD', {
      timeout: PATIENCE * 2,
    }, async () => {
      await page.getByText('Ready', { exact: true }).waitFor();
      expect(await layerNames()).toEqual(['Photo', 'Background']);
      await page.locator('[role=radio]', { hasText: 'Awe' }).first().click();
      await page.getByText('Evoke Awe').click();
      await page.getByText(/^Painting/).waitFor();
      await page.locator('.studio-layer-name', { hasText: 'Awe · 100 %' }).waitFor();
      await page.getByText('Evoke Awe').waitFor();
      expect(await layerNames()).toEqual(['Awe · 100 %', 'Photo', 'Background']);
      expect(await page.locator('.frame').count()).toBeGreaterThan(0);

      const edited = await canvasPixels();
      const eye = page.locator('.studio-eye').first();
      await eye.click();
      const hidden = await canvasPixels();
      expect(difference(edited, hidden)).toBeGreaterThan(5);
      await eye.click();
      await page.keyboard.press('Control+z');
      await page.keyboard.press('Control+z');
      await page.keyboard.press('Control+z');
      await expect.poll(layerNames).toEqual(['Photo', 'Background']);
      expect(difference(await canvasPixels(), hidden)).toBe(0);
      await page.keyboard.press('Control+y');
      await expect.poll(layerNames).toEqual(['Awe · 100 %', 'Photo', 'Background']);

      const download = page.waitForEvent('download');
      await page.getByText('Save PSD').click();
      const path = join(folder, 'saved.psd');
      await (await download).saveAs(path);
      const psd = readPsd(await readFile(path), {
        skipLayerImageData: true,
        skipCompositeImageData: true,
      });
      expect(psd.children?.map(({ name }) => name)).toEqual(['Background', 'Photo', 'Awe · 100 %']);
      expect(problems).toEqual([]);
    });

    /** The document as it is drawn, small. */
    async function canvasPixels(): Promise<number[]> {
      await page.waitForTimeout(1500);
      return page.evaluate(() => {
        const shown = document.querySelector<HTMLCanvasElement>('.studio-stage canvas');
        if (shown === null) throw new Error('The studio shows no document.');
        const small = document.createElement('canvas');
        small.width = 48;
        small.height = 32;
        const context = small.getContext('2d');
        context?.drawImage(shown, 0, 0, 48, 32);
        return Array.from(context?.getImageData(0, 0, 48, 32).data ?? []);
      });
    }
  },
);

const difference = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? 0)), 0) / a.length;
