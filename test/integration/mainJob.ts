import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readPsd } from 'ag-psd';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { layerNames, PATIENCE, type StudioBrowser, setPanelWidth } from './studioBrowser.ts';

/** The sample that the studio opens with; 16:9 is no shape of any working size. */
const DANDELIONS = { width: 2880, height: 1620 };

/**
 * The main job of the studio, over whatever models it was started with.
 * @param leastChange mean difference of the 8-bit samples that an edit by these models makes at least
 */
export function testMainJob(studio: () => StudioBrowser, leastChange: number): void {
  let page: Page;
  beforeAll(async () => {
    page = await studio().open();
  });

  it('does the main job: awe, previews, a new layer above the source, toggle, undo, redo, PSD', {
    timeout: PATIENCE * 2,
  }, async () => {
    const panel = page.locator('.panel');
    await page.getByText('Ready', { exact: true }).waitFor();
    expect(await layerNames(page)).toEqual(['Photo', 'Background']);
    await page.locator('[role=radio]', { hasText: 'Awe' }).first().click();
    await panel.getByText('Evoke Awe').click();
    await panel.getByText(/^Painting/).waitFor();
    await page.locator('.studio-layer-name', { hasText: 'Awe · 100 %' }).waitFor();
    await panel.getByText('Evoke Awe').waitFor();
    expect(await layerNames(page)).toEqual(['Awe · 100 %', 'Photo', 'Background']);
    expect(await page.locator('.frame').count()).toBeGreaterThan(0);
    await expectShapeOf(DANDELIONS);

    await expectNothingCutOff(230, 300, 420);
    await page.getByText('Advanced', { exact: true }).click();
    await expectNothingCutOff(230, 420);
    await page.getByText('Advanced', { exact: true }).click();

    const edited = await canvasPixels();
    const eye = page.locator('.studio-eye').first();
    await eye.click();
    const hidden = await canvasPixels();
    expect(difference(edited, hidden)).toBeGreaterThan(leastChange);
    await eye.click();
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await expect.poll(() => layerNames(page)).toEqual(['Photo', 'Background']);
    expect(difference(await canvasPixels(), hidden)).toBe(0);
    await page.keyboard.press('Control+y');
    await expect.poll(() => layerNames(page)).toEqual(['Awe · 100 %', 'Photo', 'Background']);

    const download = page.waitForEvent('download');
    await page.getByText('Save PSD').click();
    const path = join(studio().folder, 'saved.psd');
    await (await download).saveAs(path);
    const psd = readPsd(await readFile(path), {
      skipLayerImageData: true,
      skipCompositeImageData: true,
    });
    expect(psd.children?.map(({ name }) => name)).toEqual(['Background', 'Photo', 'Awe · 100 %']);
    expect(studio().problems).toEqual([]);
  });

  /** At those widths of the panel, in pixels. */
  async function expectNothingCutOff(...widths: readonly number[]): Promise<void> {
    for (const width of widths) {
      await setPanelWidth(page, width);
      const room = page.locator('.panel .body');
      expect(await room.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
    }
  }

  /** Source, iteration and its small picture stand in the photograph's shape, the first two on each other. */
  async function expectShapeOf(photograph: { width: number; height: number }): Promise<void> {
    const boxes = await page
      .locator('.preview img, .frame img')
      .evaluateAll((pictures) => pictures.map((one) => one.getBoundingClientRect().toJSON()));
    const [before, after, ...frames] = boxes as DOMRect[];
    expect(frames).not.toHaveLength(0);
    expect(after).toEqual(before);
    for (const { width, height } of [before, ...frames] as DOMRect[]) {
      // To half a pixel of what is drawn.
      expect(Math.abs(height - (width * photograph.height) / photograph.width)).toBeLessThan(0.6);
    }
  }

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
}

const difference = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? 0)), 0) / a.length;
