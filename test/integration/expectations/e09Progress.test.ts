import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { newFolder } from '../companion.ts';
import { evoke, furthest, openDocument, stage, watchBuffers } from './stage.ts';

const { photoshop } = stage('slow');
let steps = '';
/** The model goes as many steps as that file says. */
const { photoshop: held } = stage(async () => {
  steps = join(await newFolder(), 'steps');
  return `held#${steps}`;
});

const { photoshop: unhurried } = stage(() => 'slower');

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

  it.each([
    ['JPEG in base64', false],
    ['ImageBlob', true],
  ])(
    'with a preview that follows the intensity, above 100 %% too (%s)',
    async (_, hasImageBlobs) => {
      const world = photoshop({ hasImageBlobs });
      openDocument(world.fake);
      const buffers = watchBuffers(world.fake);
      const page = world.openPanel();
      await page.press('Evoke Awe');
      await page.says('is in the document');
      const address = () => page.root.querySelector('.preview-over')?.getAttribute('src') ?? '';
      const previews: Uint8Array[] = [];
      for (const intensity of ['110', '150']) {
        const before = address();
        const made = buffers.length;
        page.enter('Intensity in percent', intensity);
        await page.says(`${intensity} % intensity`);
        await expect.poll(() => page.text).toMatch(/After · hold/);
        if (hasImageBlobs) await expect.poll(address).not.toBe(before);
        else await expect.poll(() => buffers.length).toBeGreaterThan(made);
        const shown = hasImageBlobs ? world.blobs.bytesOf(address()) : buffers.at(-1);
        previews.push(Uint8Array.from(shown!));
      }
      expect(furthest(previews[0]!, previews[1]!)).toBeGreaterThan(0);
      expect(address()).toMatch(hasImageBlobs ? /^blob:/ : /^data:image\/jpeg/);
      // The reading, its edit's source, two iterations and one preview: that of 110 % was given back.
      if (hasImageBlobs) expect(world.blobs.alive()).toBeLessThanOrEqual(5);
    },
  );

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
