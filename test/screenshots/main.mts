import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { THEMES } from '../../studio/src/views/theme.ts';
import { obstacle, StudioBrowser, setPanelWidth } from '../integration/studioBrowser.ts';
import { STATES } from './states.ts';

/*
 * Every state of the panel at three widths in Photoshop's four themes, as one sheet a state, to be looked at:
 *     npm run screenshots
 */
const WIDTHS = [240, 280, 480];
const FOLDER = join(import.meta.dirname, '../../test-results/panel');
const GAP = 12;

if (obstacle !== null) throw new Error(`No pictures can be taken: ${obstacle}.`);
mkdirSync(FOLDER, { recursive: true });
const studio = await StudioBrowser.startScripted('slower');
try {
  const page = await studio.open({ viewport: { width: 1200, height: 860 } });
  for (const { name, reach } of STATES) {
    await reach(page, studio);
    const shots: { input: Buffer; left: number; top: number }[] = [];
    let [right, bottom] = [0, 0];
    for (const [row, theme] of THEMES.entries()) {
      await page.evaluate((chosen) => {
        document.documentElement.setAttribute('data-theme', chosen);
      }, theme);
      let left = 0;
      for (const width of WIDTHS) {
        await setPanelWidth(page, width);
        const input = await page.locator('.studio-panel').screenshot();
        const { height = 0 } = await sharp(input).metadata();
        const top = row * (height + GAP);
        shots.push({ input, left, top });
        left += width + GAP;
        [right, bottom] = [Math.max(right, left), Math.max(bottom, top + height)];
      }
    }
    const sheet = { width: right, height: bottom, channels: 3, background: '#808080' } as const;
    await sharp({ create: sheet })
      .composite(shots)
      .png()
      .toFile(join(FOLDER, `${name}.png`));
    process.stdout.write(`${name}\n`);
  }
} finally {
  await studio.close().catch(() => {});
}
