import type { Page } from 'playwright-core';
import { PATIENCE, type StudioBrowser } from '../integration/studioBrowser.ts';

/** A state of the panel that is photographed, and how to get there from the one before. */
export interface PanelState {
  readonly name: string;
  /** True where the edit goes on while it is photographed: nothing but what must fit can be compared. */
  readonly isMoving?: boolean;
  reach(page: Page, studio: StudioBrowser): Promise<void>;
}

const panel = (page: Page) => page.locator('.panel');
const button = (page: Page, name: RegExp) => panel(page).locator('sp-button', { hasText: name });
const says = (page: Page, text: string | RegExp) => panel(page).getByText(text).first().waitFor();

/** Chooses an entry of one of the studio's menus. */
async function choose(page: Page, menu: string, entry: string): Promise<void> {
  const closed = page.locator(`sp-picker[aria-label="${menu}"]`);
  await closed.click();
  await closed.locator('sp-menu-item', { hasText: entry }).click();
}

/** In the order in which they are reached. */
const SCRIPTED_STATES: readonly PanelState[] = [
  {
    name: 'ready',
    async reach(page) {
      await panel(page).getByText('Ready', { exact: true }).waitFor();
      await page.locator('.panel .preview').waitFor();
    },
  },
  {
    name: 'selection',
    async reach(page) {
      const canvas = await page.locator('.studio-picture').boundingBox();
      if (canvas === null) throw new Error('The studio shows no document.');
      const { x, y, width, height } = canvas;
      await page.getByLabel('Select a rectangle').click();
      await page.mouse.move(x + width * 0.3, y + height * 0.3);
      await page.mouse.down();
      await page.mouse.move(x + width * 0.6, y + height * 0.7, { steps: 4 });
      await page.mouse.up();
      await says(page, 'Feather');
    },
  },
  {
    name: 'editing',
    isMoving: true,
    async reach(page) {
      await page.keyboard.press('Control+d');
      await panel(page).getByText('Feather').waitFor({ state: 'detached' });
      await button(page, /Evoke/).click();
      await page.locator('.panel .frame').first().waitFor();
    },
  },
  { name: 'applied', reach: (page) => says(page, 'is in the document') },
  {
    name: 'changed',
    async reach(page) {
      await page.locator('.panel sp-slider').press('End');
      await says(page, '150 %');
    },
  },
  {
    name: 'another',
    async reach(page) {
      await button(page, /Evoke/).click();
      await page
        .locator('.panel sp-picker[aria-label="Which edit of this layer is shown"]')
        .waitFor();
      await says(page, 'is in the document');
    },
  },
  {
    name: 'advanced',
    async reach(page) {
      await panel(page).getByText('Advanced', { exact: true }).click();
      await page.locator('.panel .advanced-body').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'keyboard',
    async reach(page) {
      await panel(page).getByText('Advanced', { exact: true }).click();
      await page.locator('.panel [role=radio][aria-checked=true]').focus();
    },
  },
  {
    name: 'plan',
    async reach(page) {
      const layers = page.locator('.studio-layer-choose');
      await layers.nth(0).click();
      await layers.last().click({ modifiers: ['Control'] });
      // Both were read: picture and reading.
      await page.locator('.panel .plan-reading', { hasText: '%' }).nth(1).waitFor();
    },
  },
  {
    name: 'planDone',
    async reach(page) {
      await button(page, /Evoke on/).click();
      // Two edits and their full resolution: minutes on a busy machine.
      await panel(page)
        .getByText('2 of 2 done')
        .waitFor({ timeout: 4 * PATIENCE });
    },
  },
  {
    name: 'refused',
    async reach(page) {
      await button(page, /Done/).click();
      await page.locator('.studio-layer-choose').last().click();
      await page.locator('.studio-layer .studio-eye').last().click();
      await says(page, 'is hidden.');
    },
  },
  {
    name: 'about',
    async reach(page) {
      await choose(page, 'Menu', 'About EmoEditor');
      await says(page, 'Your pictures never leave this machine.');
    },
  },
  {
    name: 'diagnostics',
    async reach(page) {
      await choose(page, 'Menu', 'Diagnostics…');
      await button(page, /Run the checks/).click();
      await says(page, /The report is on the clipboard|Click into the report/);
    },
  },
  {
    name: 'absent',
    async reach(page, studio) {
      await button(page, /Back/).click();
      await studio.server.close();
      await says(page, 'Start the companion server');
    },
  },
  {
    name: 'pairing',
    async reach(page, studio) {
      await studio.restart();
      // A page that the server does not know.
      await page.evaluate(() => sessionStorage.clear());
      await page.goto(studio.server.url);
      await says(page, 'Enter the pairing code');
    },
  },
];

/** What only a model with a bank of instructions shows. */
const STARTER_STATES: readonly PanelState[] = [
  {
    name: 'scenes',
    async reach(page) {
      await page.locator('.panel .preview').waitFor();
      await says(page, /\d+ %/);
      await panel(page)
        .getByText(/of \d+ scenes/)
        .click();
      await page.locator('.panel .scene').first().scrollIntoViewIfNeeded();
    },
  },
];

/** What an engine that dies in every edit towards fear leads to. */
const CRASHING_STATES: readonly PanelState[] = [
  {
    name: 'notice',
    async reach(page) {
      await panel(page).getByText('Ready', { exact: true }).waitFor();
      await page.locator('.panel .preview').waitFor();
      await page.locator('.panel [role=radio]', { hasText: 'Fear' }).click();
      await button(page, /Evoke/).click();
      await says(page, 'Dismiss');
    },
  },
];

/** States by the models that they need: a script (see scriptedEngineModels.ts; a step of `slower` takes 0.3 s), or the starter. */
export const SESSIONS: readonly {
  readonly script: string | null;
  readonly states: readonly PanelState[];
}[] = [
  { script: 'slower', states: SCRIPTED_STATES },
  { script: 'crash', states: CRASHING_STATES },
  { script: null, states: STARTER_STATES },
];
