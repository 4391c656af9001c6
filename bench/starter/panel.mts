/**
 * The picture of the panel at work: the studio in a real browser, one edit of a sample by the real server.
 *
 *   npm run build && npx tsx bench/starter/panel.mts --out docs/pictures/panel.jpg
 *   options: --sample Dandelions  --emotion awe
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '@emoeditor/companion-server/config.ts';
import { SILENT } from '@emoeditor/companion-server/log.ts';
import { startServer } from '@emoeditor/companion-server/main.ts';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { installedBrowser } from '../../test/integration/installedBrowser.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'panel.jpg' },
    sample: { type: 'string', default: 'Dandelions' },
    emotion: { type: 'string', default: 'awe' },
  },
});
const emotion = values.emotion.replace(/^./, (letter) => letter.toUpperCase());
const PATIENCE = 120_000;
/** For the document to be drawn to its end. */
const SETTLING = 3000;

if (installedBrowser === undefined) throw new Error('Expected an installed Chromium or Chrome.');
const folder = await mkdtemp(join(tmpdir(), 'emoeditor-panel-'));
const server = await startServer(
  readConfig({ port: 0, pairingsFile: join(folder, 'pairings.json') }),
  {
    log: SILENT,
  },
);
const browser = await chromium.launch({
  executablePath: installedBrowser,
  // As root, in containers, Chromium has no sandbox of its own.
  args: ['--no-sandbox'],
});
try {
  const page = await browser.newPage({ viewport: { width: 1400, height: 860 } });
  page.setDefaultTimeout(PATIENCE);
  await page.goto(server.studioUrl);
  await page.getByText('Ready', { exact: true }).waitFor();
  await page.locator('sp-picker[aria-label="Samples"]').click();
  await page
    .locator('sp-picker[aria-label="Samples"] sp-menu-item', { hasText: values.sample })
    .click();
  await page.waitForTimeout(SETTLING);
  await page.locator('[role=radio]', { hasText: emotion }).first().click();
  await page.locator('.panel').getByText(`Evoke ${emotion}`).click();
  await page.locator('.panel').getByText('is in the document').waitFor();
  await page.waitForTimeout(SETTLING);
  await sharp(await page.screenshot())
    .jpeg({ quality: 88, mozjpeg: true })
    .toFile(values.out);
} finally {
  await browser.close();
  await server.close();
  await rm(folder, { recursive: true, force: true });
}
process.exit(0);
