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

/** In the order in which they are reached. The server follows the script `slower`: each step takes 0.3 s. */
export const STATES: readonly PanelState[] = [
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
    name: 'absent',
    async reach(page, studio) {
      await button(page, /Done/).click();
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
