import type { FakePhotoshop } from '@emoeditor/fake-photoshop';
import { describe, expect, it } from 'vitest';
import { history, layerOf, names, openDocument, stage, type World } from './expectations/stage.ts';

const { photoshop } = stage();
const { photoshop: crashing } = stage(() => 'crash');

/** The panel with the photograph and the Background selected. */
async function twoSelected(world: World) {
  const document = openDocument(world.fake);
  const page = world.openPanel();
  await page.says('Ready');
  selectBoth(world.fake, document);
  await page.says('2 layers');
  return { ...world, document, page };
}

function selectBoth(fake: FakePhotoshop, document: ReturnType<typeof openDocument>): void {
  fake.user(document).toggleLayer(layerOf(document, 'Background').id);
}

describe('several layers, each with its own emotion', () => {
  it('are one step each', async () => {
    const { page, document } = await twoSelected(photoshop());
    page.pick('Emotion for Background', 'Fear');
    await page.type(/^Intensity for Background/, '60');
    await page.press('Evoke on 2 layers');
    await page.says('2 of 2 done');
    expect(names(document)).toEqual(['Awe · 100 %', 'Photo', 'Fear · 60 %', 'Background']);
    expect(history(document)).toEqual(['Open', 'Awe · 100 %', 'Fear · 60 %']);
  });

  it('are one step for all, in which groups of Grade and Content go, too', async () => {
    const { page, document, fake } = await twoSelected(photoshop());
    const before = document.content.layers;
    page.pick('History steps', 'One for all');
    await page.press('Advanced');
    page.pick('Result', 'Group of layers');
    await page.press('Evoke on 2 layers');
    await page.says('2 of 2 done');
    expect(history(document)).toEqual(['Open', 'EmoEditor · 2 layers']);
    const groups = document.content.layers.filter(({ kind }) => kind === 'group');
    expect(groups.map(({ children }) => children.map(({ name }) => name))).toEqual([
      ['Content', 'Grade'],
      ['Content', 'Grade'],
    ]);
    fake.user(document).undo();
    expect(document.content.layers).toBe(before);
  });

  it('are shown with their pictures and readings, before and after', async () => {
    const { page } = await twoSelected(photoshop());
    const pictures = () =>
      [...page.root.querySelectorAll('.plan-picture img')].map((image) =>
        image.getAttribute('src'),
      );
    await expect.poll(pictures).toHaveLength(2);
    await page.says(/PhotoAwe (<?\d+) %/);
    const before = pictures();
    await page.press('Evoke on 2 layers');
    await page.says('2 of 2 done');
    await page.says(/PhotoAwe (<?\d+) → (<?\d+) %/);
    expect(page.control('Photo, edited').getAttribute('role')).toBe('img');
    page.key(page.control('Photo, edited'), ' ');
    await expect.poll(() => page.control('Photo, before')).toBeDefined();
    page.key(page.control('Photo, before'), ' ', 'keyup');
    await expect.poll(() => page.control('Photo, edited')).toBeDefined();
    expect(pictures()).toHaveLength(before.length);
  });

  it('go on after one that failed, and are resumed with what is left', async () => {
    const { page, document } = await twoSelected(crashing());
    page.pick('Emotion for Photo', 'Fear');
    await page.press('Evoke on 2 layers');
    await page.says('Resume with 1 layer');
    await page.says('The process that runs the models ended unexpectedly');
    expect(names(document)).toEqual(['Photo', 'Awe · 100 %', 'Background']);
    page.pick('Emotion for Photo', 'Sadness');
    await page.press(/1 layer$/);
    await page.says('2 of 2 done');
    expect(names(document)).toEqual(['Sadness · 100 %', 'Photo', 'Awe · 100 %', 'Background']);
  });
});
