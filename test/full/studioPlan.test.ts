import { expect, it } from 'vitest';
import { describeInStudio } from '../integration/describeInStudio.ts';
import { layerNames, PATIENCE, pick, setPanelWidth, undo } from '../integration/studioBrowser.ts';

describeInStudio('several layers in the studio', null, (studio) => {
  it('edits each with its own emotion as one history step, at every width of the panel', {
    timeout: PATIENCE * 2,
  }, async () => {
    const page = await studio().open();
    await page.getByText('Ready', { exact: true }).waitFor();
    await page.locator('.studio-layer-choose', { hasText: 'Background' }).click({
      modifiers: ['Control'],
    });
    await page.getByText('2 layers', { exact: true }).waitFor();
    await pick(page, 'Emotion for Background', 'Fear');
    await page.locator('[aria-label^="Intensity for Background"]').click();
    await page.locator('sp-textfield[aria-label^="Intensity for Background"] input').fill('60');
    await page.keyboard.press('Enter');
    await pick(page, 'History steps', 'One for all');
    for (const width of [230, 300, 420]) {
      await setPanelWidth(page, width);
      await studio().picture(page, `plan-${width}`, '.studio-panel');
      const body = page.locator('.panel .body');
      expect(await body.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
    }
    await page.getByText('Evoke on 2 layers').click();
    await page.getByText(/^[12] of 2 · /).waitFor();
    await studio().picture(page, 'plan-running', '.studio-panel');
    await page.getByText(/^(\d) of \1 done/).waitFor();
    await studio().picture(page, 'plan-done');
    expect(await layerNames(page)).toEqual(['Awe · 100 %', 'Photo', 'Fear · 60 %', 'Background']);
    const steps = await page.locator('.studio-history li').allTextContents();
    expect(steps.map((step) => step.trim())).toEqual(['Open', 'EmoEditor · 2 layers']);
    await undo(page);
    await expect.poll(() => layerNames(page)).toEqual(['Photo', 'Background']);
    expect(studio().problems).toEqual([]);
  });
});

describeInStudio('a plan of which one layer fails', 'crash', (studio) => {
  it('says why in its row, does the others, and is resumed with another emotion', {
    timeout: PATIENCE * 2,
  }, async () => {
    const page = await studio().open();
    const panel = page.locator('.panel');
    await panel.getByText('Ready', { exact: true }).waitFor();
    await page.locator('.studio-layer-choose', { hasText: 'Background' }).click({
      modifiers: ['Control'],
    });
    await panel.getByText('2 layers', { exact: true }).waitFor();
    await pick(page, 'Emotion for Photo', 'Fear');
    await panel.getByText('Evoke on 2 layers').click();
    await panel.getByText('Resume with 1 layer').waitFor();
    await panel.getByText('Failed', { exact: true }).waitFor();
    expect(await layerNames(page)).toEqual(['Photo', 'Awe · 100 %', 'Background']);
    for (const theme of ['dark', 'light']) {
      for (const width of [230, 420]) {
        await setPanelWidth(page, width);
        await studio().picture(page, `plan-failed-${theme}-${width}`, '.studio-panel');
      }
      await page.getByLabel('Dark or light').click();
    }
    await pick(page, 'Emotion for Photo', 'Sadness');
    await panel.getByText(/(Resume with|Evoke on) 1 layer/).click();
    await panel.getByText(/^(\d) of \1 done/).waitFor();
    await expect
      .poll(() => layerNames(page))
      .toEqual(['Sadness · 100 %', 'Photo', 'Awe · 100 %', 'Background']);
    expect(studio().problems).toEqual([]);
  });
});
