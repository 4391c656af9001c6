import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { newFolder } from '../companion.ts';
import { evoke, openDocument, stage } from './stage.ts';

const { photoshop } = stage('slow');
let steps = '';
/** The model goes as many steps as that file says. */
const { photoshop: held } = stage(async () => {
  steps = join(await newFolder(), 'steps');
  return `held#${steps}`;
});

const { photoshop: unhurried } = stage('slower');

describe('expectation 9: stage, iteration, preview and the time that is left', () => {
  it('in the panel, while it runs', async () => {
    // Steps that last: a busy machine would draw some of these lines over before they are looked at.
    const world = unhurried();
    openDocument(world.fake);
    const page = world.openPanel();
    await page.press('Evoke Awe');
    const seen = new Set<string>();
    const watching = setInterval(
      () => seen.add(page.root.querySelector('.foot')?.textContent ?? ''),
      2,
    );
    await page.says('is in the document');
    clearInterval(watching);
    const lines = [...seen].join('\n');
    expect(lines).toMatch(/Painting 1 of 2 · step \d of 4/);
    expect(lines).toMatch(/(Painting|Judging) 2 of 2/);
    expect(lines).toMatch(/≈ \d+ s/);
    expect(lines).toMatch(/Applying at full resolution|Judging 2 of 2/);
    expect(page.root.querySelectorAll('.frame')).toHaveLength(2);
  });

  it('[UX12] with a preview of each iteration before the next one ends', async () => {
    // Four are the first of two iterations.
    writeFileSync(steps, '4');
    const world = held();
    openDocument(world.fake);
    const page = world.openPanel();
    await page.press('Evoke Awe');
    await vi.waitFor(() => expect(page.root.querySelectorAll('.frame')).toHaveLength(1), {
      timeout: 20_000,
      interval: 2,
    });
    expect(page.control('Cancel')).toBeDefined();
    expect(page.root.querySelector('.preview-over')?.getAttribute('src')).toMatch(
      /^data:image\/jpeg/,
    );
    rmSync(steps);
    await page.says('is in the document');
  });

  it('in Photoshop’s own bar, while an action plays: it only grows, and ends full', async () => {
    const { fake } = photoshop();
    openDocument(fake);
    const titles = new Set<string>();
    const values: number[] = [];
    fake.modal.onProgress((shown) => {
      if (shown === null) return;
      titles.add(shown.title);
      if (shown.value !== null) values.push(shown.value);
    });
    await fake.actions.play([evoke()]);
    const lines = [...titles].join('\n');
    expect(lines).toMatch(/^Looking for the companion server$/m);
    expect(lines).toMatch(/^Reading the layer$/m);
    expect(lines).toMatch(/^Painting 1 of 2 · step \d of 4 · ≈ \d+ s$/m);
    expect(values).toEqual([...values].sort((a, b) => a - b));
    expect(values.at(-1)).toBe(1);
  });
});
