import { writePsdUint8Array } from 'ag-psd';
import { expect, it } from 'vitest';
import { describeInStudio } from '../integration/describeInStudio.ts';
import { PATIENCE, setPanelWidth } from '../integration/studioBrowser.ts';

const SIZE = { width: 64, height: 48 };
const imageData = { ...SIZE, data: new Uint8ClampedArray(64 * 48 * 4).fill(200) };
describeInStudio('what went wrong, in a small dock', 'crash', (studio) => {
  it('is seen by who had scrolled down', { timeout: PATIENCE }, async () => {
    const page = await studio().open({ viewport: { width: 1300, height: 430 } });
    await setPanelWidth(page, 240);
    const panel = page.locator('.panel');
    const body = panel.locator('.body');
    await panel.getByText('Ready', { exact: true }).waitFor();
    await panel.locator('[role=radio]', { hasText: 'Fear' }).click();
    await panel.getByText('Advanced', { exact: true }).click();
    await body.evaluate((box) => box.scrollTo(0, box.scrollHeight));
    expect(await body.evaluate((box) => box.scrollTop)).toBeGreaterThan(100);
    await panel.getByText('Evoke Fear').click();
    await panel.getByText('Dismiss', { exact: true }).waitFor();
    const top = (of: Element) => of.getBoundingClientRect().top;
    await expect
      .poll(async () => (await panel.locator('.notice').evaluate(top)) - (await body.evaluate(top)))
      .toBeGreaterThanOrEqual(0);
  });

  it('is told to the end of a layer that cannot be edited', { timeout: PATIENCE }, async () => {
    const page = await studio().open();
    await setPanelWidth(page, 240);
    const curves = { name: 'Everything but the sky', adjustment: { type: 'invert' } } as const;
    const photo = { name: 'Photo', imageData };
    const children = [photo, curves];
    const psd = writePsdUint8Array({ ...SIZE, children }, { noBackground: true });
    const file = {
      name: 'curves.psd',
      mimeType: 'image/vnd.adobe.photoshop',
      buffer: Buffer.from(psd),
    };
    await page.locator('input[type=file]').first().setInputFiles(file);
    await page.locator('.studio-layer-choose', { hasText: curves.name }).click();
    const words = page.locator('.panel .layer-words');
    await words.getByText('Choose a pixel layer').waitFor();
    const cutOff = await words
      .locator('div')
      .evaluateAll((lines) => lines.filter((line) => line.scrollWidth > line.clientWidth).length);
    expect(cutOff).toBe(0);
  });
});
