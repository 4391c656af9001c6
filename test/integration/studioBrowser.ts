import { existsSync, mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, type ServerSettings } from '@emoeditor/companion-server/config.ts';
import { SILENT } from '@emoeditor/companion-server/log.ts';
import { type RunningServer, startServer } from '@emoeditor/companion-server/main.ts';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { SCRIPTED_MODELS } from '../fakes/scriptedModelsModule.ts';
import { installedBrowser } from './installedBrowser.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Where pictures of the pages are kept for people to look at; git ignores it. */
const PICTURES = join(ROOT, 'test-results');

/** An edit on a busy machine with two cores; usually it is seconds. */
export const PATIENCE = 90_000;

/** Why the studio cannot be tried here; null when it can. */
export const obstacle =
  installedBrowser === undefined
    ? 'no Chromium, Chrome or Edge is installed'
    : existsSync(join(ROOT, 'studio/dist/index.html'))
      ? null
      : 'the studio is not built (npm run build)';

/** The studio in a real browser, served by a real server on a free port. */
export class StudioBrowser {
  /** What went wrong in any page, as a user with the console open would see it. */
  readonly problems: string[] = [];
  readonly folder: string;
  server: RunningServer;
  readonly browser: Browser;
  readonly #settings: Partial<ServerSettings>;

  private constructor(
    folder: string,
    server: RunningServer,
    browser: Browser,
    settings: Partial<ServerSettings>,
  ) {
    this.folder = folder;
    this.server = server;
    this.#settings = settings;
    this.browser = browser;
  }

  static async start(settings: Partial<ServerSettings> = {}): Promise<StudioBrowser> {
    const folder = await mkdtemp(join(tmpdir(), 'emoeditor-studio-'));
    const server = await startServer(
      readConfig({
        port: 0,
        pairingsFile: join(folder, 'pairings.json'),
        journalFolder: join(folder, 'journal'),
        ...settings,
      }),
      { log: SILENT },
    );
    // As root, in containers, Chromium has no sandbox of its own.
    const browser = await chromium.launch({
      ...(installedBrowser === undefined ? {} : { executablePath: installedBrowser }),
      args: ['--no-sandbox'],
    });
    return new StudioBrowser(folder, server, browser, settings);
  }

  /** The same over the scripted models (see scriptedEngineModels.ts). */
  static startScripted(bundle = 'scripted'): Promise<StudioBrowser> {
    return StudioBrowser.start({ bundle, modelsModule: SCRIPTED_MODELS });
  }

  /** Starts the server again where it was, with the same pairings and journal. */
  async restart(): Promise<void> {
    const { port } = this.server;
    this.server = await startServer(
      readConfig({
        pairingsFile: join(this.folder, 'pairings.json'),
        journalFolder: join(this.folder, 'journal'),
        ...this.#settings,
        port,
      }),
      { log: SILENT },
    );
  }

  /** @param isPaired false opens the address without the code that pairs the page */
  async open(options: BrowserContextOptions = {}, isPaired = true): Promise<Page> {
    const context = await this.browser.newContext({
      viewport: { width: 1440, height: 900 },
      ...options,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    page.on('pageerror', (error) => this.problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !isSearchForServer(message.text())) {
        this.problems.push(message.text());
      }
    });
    await page.goto(isPaired ? this.server.studioUrl : this.server.url);
    return page;
  }

  async picture(page: Page, name: string, selector?: string): Promise<void> {
    mkdirSync(PICTURES, { recursive: true });
    const path = join(PICTURES, `${name}.png`);
    if (selector === undefined) await page.screenshot({ path });
    else await page.locator(selector).screenshot({ path });
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The browser's own line for a port where no server listens: the panel tries them all when it looks for one. */
const isSearchForServer = (text: string): boolean =>
  /^WebSocket connection to 'ws:\/\/127\.0\.0\.1:876\d\/v1' failed: .*ERR_CONNECTION_REFUSED/.test(
    text,
  );

/** The panel as wide as a dock of that many pixels. */
export const setPanelWidth = (page: Page, pixels: number): Promise<void> =>
  page.evaluate((width) => {
    document.documentElement.style.setProperty('--studio-panel-width', `${width}px`);
  }, pixels);

export const layerNames = (page: Page): Promise<string[]> =>
  page.locator('.studio-layer-name').allTextContents();

/**
 * Takes the last step back by the history's button. The panel reads a layer now and then, which holds the document for a
 * moment: the button is pressed when that is over, where a key would be lost.
 */
export const undo = (page: Page): Promise<void> =>
  page.getByRole('button', { name: 'Undo', exact: true }).click();

/** Chooses in one of UXP's pickers by what it is called. */
export async function pick(page: Page, picker: string, choice: string): Promise<void> {
  const closed = page.locator(`sp-picker[aria-label="${picker}"]`);
  const item = closed.locator('sp-menu-item', { hasText: choice });
  // A document that opens at that moment draws its views anew and closes what is open, also right before the click.
  await expect
    .poll(async () => {
      if (!(await item.isVisible())) await closed.click();
      return item.click({ timeout: 2_000 }).then(
        () => true,
        () => false,
      );
    })
    .toBe(true);
}
