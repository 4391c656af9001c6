import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeInStudio } from '../integration/describeInStudio.ts';
import { PATIENCE } from '../integration/studioBrowser.ts';
import { differences } from '../screenshots/compareLayouts.ts';
import { type Layout, lookAt, WIDTHS } from '../screenshots/panelLayout.ts';
import { SESSIONS } from '../screenshots/states.ts';

const kept = JSON.parse(
  readFileSync(new URL('../screenshots/layouts.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Layout>>;

/*
 * Each state of the panel against what somebody looked at and found right. Where it is meant to look different:
 * `npm run screenshots -- --keep`, and look at test-results/panel.
 */
for (const { script, states } of SESSIONS) {
  describeInStudio(`the panel looks as it did (${script ?? 'starter'})`, script, (studio) => {
    it('in every state, at every width, in every theme', { timeout: PATIENCE * 10 }, async () => {
      const page = await studio().open({ viewport: { width: 1200, height: 860 } });
      const found: Record<string, readonly string[]> = {};
      for (const { name, isMoving = false, reach } of states) {
        await reach(page, studio());
        for (const width of WIDTHS) {
          const { layout } = await lookAt(page, width);
          const before = kept[`${name} ${width}`];
          const different = isMoving
            ? layout.overflow
            : before === undefined
              ? ['is new']
              : differences(layout, before);
          if (different.length > 0) found[`${name} ${width}`] = different;
        }
      }
      expect(found).toEqual({});
    });
  });
}

describe('the comparison of layouts', () => {
  const [[, layout] = ['', undefined]] = Object.entries(kept);
  const part = (change: (box: number[]) => number[]): Layout => {
    const [name, ...box] = layout!.parts[2]!.split(' ');
    const parts = [...layout!.parts];
    parts[2] = [name, ...change(box.map(Number))].join(' ');
    return { ...layout!, parts };
  };

  it('lets letters be a little wider, and nothing be elsewhere', () => {
    expect(differences(layout!, layout!)).toEqual([]);
    const wider = part(([x, y, w, h]) => [x!, y!, w! + 4, h!]);
    expect(differences(wider, layout!)).toEqual([]);
    const moved = part(([x, y, w, h]) => [x! + 20, y!, w!, h!]);
    expect(differences(moved, layout!)).toHaveLength(1);
    const less = { ...layout!, parts: layout!.parts.slice(1) };
    expect(differences(less, layout!)[0]).toMatch(/has other parts/);
  });

  it('sees another grey, and what does not fit', () => {
    const pictures = Object.fromEntries(
      Object.entries(layout!.pictures).map(([theme, cells]) => [
        theme,
        cells.replace(/[0-9a-d]/g, (digit) => (Number.parseInt(digit, 16) + 2).toString(16)),
      ]),
    );
    expect(differences({ ...layout!, pictures }, layout!)).toHaveLength(4);
    const overflow = ['.film-verdict is cut off: Not enough contentment'];
    expect(differences({ ...layout!, overflow }, layout!)).toEqual(overflow);
  });
});
