import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { obstacle, StudioBrowser } from '../integration/studioBrowser.ts';
import { type Layout, lookAt, WIDTHS } from './panelLayout.ts';
import { type PanelState, SESSIONS } from './states.ts';

/*
 * Every state of the panel at three widths in Photoshop's four themes, as one sheet a state, to be looked at:
 *     npm run screenshots
 * With `-- --keep` what was seen becomes what test/full/panelPictures.test.ts compares with.
 */
const FOLDER = join(import.meta.dirname, '../../test-results/panel');
const GAP = 12;

if (obstacle !== null) throw new Error(`No pictures can be taken: ${obstacle}.`);
mkdirSync(FOLDER, { recursive: true });
const layouts: Record<string, Layout> = {};
for (const { script, states } of SESSIONS) {
  const studio = await (script === null
    ? StudioBrowser.start()
    : StudioBrowser.startScripted(script));
  try {
    const page = await studio.open({ viewport: { width: 1200, height: 860 } });
    for (const state of states) {
      await state.reach(page, studio);
      await photograph(page, state);
    }
  } finally {
    await studio.close().catch(() => {});
  }
}
const text = `${JSON.stringify(layouts, null, 1)}\n`;
writeFileSync(join(FOLDER, 'layouts.json'), text);
if (process.argv.includes('--keep')) writeFileSync(join(import.meta.dirname, 'layouts.json'), text);

/** The state at all widths, side by side, in all themes, one below the other. */
async function photograph(page: Page, { name, isMoving = false }: PanelState): Promise<void> {
  const shots: { input: Buffer; left: number; top: number }[] = [];
  let [left, bottom] = [0, 0];
  for (const width of WIDTHS) {
    const seen = await lookAt(page, width);
    for (const problem of seen.layout.overflow) process.stdout.write(`  ${problem}\n`);
    if (!isMoving) layouts[`${name} ${width}`] = seen.layout;
    let top = 0;
    for (const input of seen.shots.values()) {
      shots.push({ input, left, top });
      top += ((await sharp(input).metadata()).height ?? 0) + GAP;
    }
    left += width + GAP;
    bottom = Math.max(bottom, top);
  }
  const sheet = { width: left, height: bottom, channels: 3, background: '#808080' } as const;
  await sharp({ create: sheet })
    .composite(shots)
    .png()
    .toFile(join(FOLDER, `${name}.png`));
  process.stdout.write(`${name}\n`);
}
