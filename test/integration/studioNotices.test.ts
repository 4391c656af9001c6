import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { obstacle, PATIENCE, StudioBrowser, setPanelWidth } from './studioBrowser.ts';

const skipped = obstacle === null ? '' : ` (skipped: ${obstacle})`;

describe.skipIf(obstacle !== null)(`what went wrong, in a small dock${skipped}`, () => {
  let studio: StudioBrowser;
  beforeAll(async () => {
    studio = await StudioBrowser.start({
      bundle: 'crash',
      modelsModule: new URL('../fakes/scriptedEngineModels.ts', import.meta.url).href,
    });
  });
  afterAll(() => studio?.close());

  it('is seen by who had scrolled down', { timeout: PATIENCE }, async () => {
    const page = await studio.open({ viewport: { width: 1300, height: 430 } });
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
    await studio.picture(page, 'notice-240', '.studio-panel');
  });
});
