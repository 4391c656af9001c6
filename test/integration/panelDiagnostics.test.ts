import { beforeAll, describe, expect, it } from 'vitest';
import { names, openDocument } from './expectations/stage.ts';
import { type BuiltPanel, buildPanel, photoshopWithPanel } from './productionPanel.ts';

let panel: BuiltPanel;
beforeAll(async () => {
  panel = await buildPanel();
});

describe('the flyout menu', () => {
  it('runs the checks in documents of their own and reports without pixels, names and codes', async () => {
    const token = 'ABCDE-FGHIJ';
    const world = photoshopWithPanel(panel.script, () => null, { token });
    const document = openDocument(world.fake, { name: 'private.psd' });
    const before = document.content;
    const page = world.openPanel();
    const { menuItems = [], invokeMenu } = world.fake.panel('emoeditor.panel');
    expect(menuItems.map(({ id }) => id)).toEqual(['reconnect', 'diagnostics', 'about']);
    invokeMenu?.('diagnostics');
    await page.press('Run the checks');
    await page.says('The report is on the clipboard');
    await page.press('Report: click to copy');
    const report = await expect
      .poll(() => page.root.querySelector('sp-textarea') as { value?: string } | null)
      .not.toBeNull()
      .then(() => String(page.control('Report').value));
    expect(world.fake.clipboard).toBe(report);
    expect(report).toMatch(/^EmoEditor 0\.1\.0 in EmoEditor Studio 27\.0\.0/);
    expect(report).toMatch(/Server: (searching|absent)/);
    expect(report).toContain('UX6 listeners of AbortSignal: there is no AbortController');
    expect(report).toContain('UX7 newer language: Array.at no');
    expect(report).toContain('MD12 an error’s code through executeAsModal: “trial” arrives alone');
    for (const [depth, range] of [
      [8, 255],
      [16, 32768],
    ]) {
      const part = report.slice(report.indexOf(`In a document of ${depth} bit`));
      expect(part).toMatch(`way there and back: at most by 0; 4 components, range ${range}`);
      expect(part).toMatch(/HI1 .*: 1 new/);
      expect(part).toMatch(/HI8 .*: 2 new/);
      expect(part).toMatch(/BP5 .*: true, false/);
    }
    expect(report).toMatch(/Events after documents were made and closed: /);
    expect(report).toMatch(/MK1 a mask of 8 bit: fails with “A mask has 16 bit here/);
    expect(report).not.toMatch(/ABCDE|FGHIJ|private|Photo\b/);
    expect(document.content).toBe(before);
    expect(names(document)).toEqual(['Photo', 'Background']);
    expect(world.fake.active).toBe(document);
    expect(world.fake.images.alive).toBe(0);
    const tried = 'sp-button.disabled takes a boolean; undefined was set.';
    expect(world.violations).toEqual([tried]);
    await page.press('Back');
    await page.says('Evoke Awe');
    invokeMenu?.('about');
    await page.says('No companion server');
    world.close();
  });

  it('draws the panel once, whether it is created, shown, or both', async () => {
    for (const calls of [
      ['create'],
      ['show'],
      ['create', 'show', 'show'],
      ['show', 'create'],
    ] as const) {
      const world = photoshopWithPanel(panel.script, () => null);
      const page = world.openPanel(calls);
      await page.says('Evoke Awe');
      expect(page.root.querySelectorAll('.panel')).toHaveLength(1);
      world.close();
      expect(page.root.querySelectorAll('.panel')).toHaveLength(0);
    }
  });
});
