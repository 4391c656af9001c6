import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInStudio } from '../integration/describeInStudio.ts';
import { layerNames, PATIENCE, pick, setPanelWidth, undo } from '../integration/studioBrowser.ts';

describeInStudio('a selection in the studio', null, (studio) => {
  it('is drawn with the mouse; the edit changes it alone, or all but it', {
    timeout: PATIENCE * 2,
  }, async () => {
    const page = await studio().open();
    await pick(page, 'Samples', 'Fig');
    await page.getByText('Ready', { exact: true }).waitFor();
    await page.getByLabel('Select a rectangle').click();
    const sheet = (await page.locator('.studio-picture').boundingBox())!;
    const at = (x: number, y: number) =>
      [sheet.x + x * sheet.width, sheet.y + y * sheet.height] as const;
    await page.mouse.move(...at(0.3, 0.3));
    await page.mouse.down();
    await page.mouse.move(...at(0.6, 0.7), { steps: 4 });
    await page.mouse.up();
    await page.getByText(/selected$/).waitFor();
    for (const width of [230, 300, 420]) {
      await setPanelWidth(page, width);
      await studio().picture(page, `region-${width}`, '.studio-panel');
    }
    const before = await pixels(page);
    const panel = page.locator('.panel');
    await panel.getByText('Evoke Awe').click();
    await panel.getByText('is in the document').waitFor();
    expect(await layerNames(page)).toEqual(['Awe · 100 %', 'Photo', 'Background']);
    await studio().picture(page, 'region-done');
    const edited = await pixels(page);
    expect(before.inside).not.toEqual(edited.inside);
    expect(before.outside).toEqual(edited.outside);

    await undo(page);
    await pick(page, 'Selection', 'Protect inside');
    await panel.getByText('Evoke Awe').click();
    await panel.getByText('is in the document').waitFor();
    const kept = await pixels(page);
    expect(kept.inside).toEqual(before.inside);
    expect(kept.outside).not.toEqual(before.outside);
    expect(studio().problems).toEqual([]);
  });
});

/** Pixels of the document well inside and well outside of the selection. */
async function pixels(page: Page): Promise<{ inside: number[]; outside: number[] }> {
  await page.waitForTimeout(1000);
  return page.evaluate(() => {
    const shown = document.querySelector<HTMLCanvasElement>('.studio-picture');
    const context = shown?.getContext('2d');
    if (!shown || !context) throw new Error('The studio shows no document.');
    const read = (x: number, y: number, width: number, height: number) =>
      Array.from(
        context.getImageData(
          Math.round(x * shown.width),
          Math.round(y * shown.height),
          Math.round(width * shown.width),
          Math.round(height * shown.height),
        ).data,
      );
    return {
      inside: read(0.35, 0.35, 0.05, 0.05),
      outside: [...read(0.05, 0.05, 0.2, 0.05), ...read(0.65, 0.75, 0.1, 0.1)],
    };
  });
}
