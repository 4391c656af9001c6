import { expect, it } from 'vitest';
import { describeInStudio } from '../integration/describeInStudio.ts';
import { PATIENCE } from '../integration/studioBrowser.ts';

describeInStudio('the studio by keyboard', 'scripted', (studio) => {
  it('opens a picker, goes through it, chooses, and tells screen readers', {
    timeout: PATIENCE,
  }, async () => {
    const page = await studio().open();
    const panel = page.locator('.panel');
    await panel.getByText('Ready', { exact: true }).waitFor();
    await panel.getByText('Advanced', { exact: true }).click();
    const picker = panel.locator('sp-picker[aria-label="Rules of the loop"]');
    const pointed = () =>
      picker.evaluate((field) => {
        const id = field.getAttribute('aria-activedescendant');
        return id === null ? null : document.getElementById(id)?.textContent;
      });
    await picker.focus();
    await page.keyboard.press('ArrowDown');
    expect(await picker.getAttribute('aria-expanded')).toBe('true');
    expect(await pointed()).toBe('Fast');
    expect(
      await picker.evaluate(
        (field) => document.getElementById(field.getAttribute('aria-controls') ?? '')?.role,
      ),
    ).toBe('listbox');
    await page.keyboard.press('End');
    expect(await pointed()).toBe('As the authors’ code');
    await page.keyboard.press('f');
    expect(await pointed()).toBe('Fast');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await picker.getAttribute('aria-expanded')).toBe('false');
    expect(await pointed()).toBeNull();
    const tree = await picker.ariaSnapshot();
    expect(tree).toContain('combobox "Rules of the loop"');
    expect(tree).toContain('As published');
    // Closed, a letter chooses at once; the panel hears of it.
    await page.keyboard.press('f');
    await expect.poll(() => picker.ariaSnapshot()).toContain('Fast');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Escape');
    expect(await picker.getAttribute('aria-expanded')).toBe('false');
    expect(studio().problems).toEqual([]);
  });

  it('moves the edge of the panel, which says how wide that is', {
    timeout: PATIENCE,
  }, async () => {
    const page = await studio().open();
    const edge = page.getByRole('separator', { name: 'Width of the panel' });
    const width = () => page.locator('.studio-panel').evaluate((panel) => panel.clientWidth);
    const told = () => edge.getAttribute('aria-valuenow').then(Number);
    await edge.focus();
    await expect.poll(told).toBeGreaterThan(200);
    const before = await told();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(told).toBe(before + 10);
    await page.keyboard.press('End');
    await expect.poll(told).toBe(480);
    await page.keyboard.press('Home');
    await expect.poll(told).toBe(230);
    await expect.poll(width).toBeGreaterThanOrEqual(228);
    expect(await edge.getAttribute('aria-controls')).toBe(
      await page.locator('.studio-panel').getAttribute('id'),
    );
  });
});
