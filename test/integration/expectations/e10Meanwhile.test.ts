import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { newFolder } from '../companion.ts';
import { history, layerOf, names, openDocument, photograph, SIDE, stage, WHOLE } from './stage.ts';

let hold = '';
/** The model stays in its first step while that file is there. */
const { photoshop } = stage(async () => {
  hold = join(await newFolder(), 'steps');
  return `held#${hold}`;
});

/** An edit from the panel that is under way: the model paints, and Photoshop is the user's. */
async function underWay() {
  writeFileSync(hold, '0');
  const world = photoshop();
  const document = openDocument(world.fake);
  const page = world.openPanel();
  await page.press('Evoke Awe');
  await page.says(/Painting/);
  expect(world.fake.modal.isModal).toBe(false);
  return {
    ...world,
    page,
    document,
    user: world.fake.user(document),
    /** Lets the model go on. */
    goOn: () => rmSync(hold),
  };
}
const DONE = 'is in the document';

describe('expectation 10: Photoshop stays usable, and what the user does meanwhile is respected', () => {
  it('another document: the result goes where the edit began', async () => {
    const { fake, document, goOn } = await underWay();
    const other = openDocument(fake, { name: 'sea.psd' });
    expect(fake.active).toBe(other);
    fake.activate(document);
    fake.activate(other);
    goOn();
    await expectSoon(() => names(document)[0] === 'Awe · 100 %');
    expect(names(other)).toEqual(['Photo', 'Background']);
    expect(history(other)).toEqual(['Open']);
  });

  it('steps of the user’s own stay, before the one of the edit', async () => {
    const { page, document, user, goOn } = await underWay();
    user.rename(layerOf(document, 'Background').id, 'Sky');
    user.setOpacity(layerOf(document, 'Photo').id, 50);
    goOn();
    await page.says(DONE);
    expect(history(document)).toEqual(['Open', 'Rename Layer', 'Layer Opacity', 'Awe · 100 %']);
  });

  it('another layer: the result still lies above its own source', async () => {
    const { fake, document, user, goOn } = await underWay();
    user.selectLayer(layerOf(document, 'Background').id);
    goOn();
    await expectSoon(() => names(document).length === 3 && !fake.modal.isModal);
    expect(names(document)).toEqual(['Awe · 100 %', 'Photo', 'Background']);
  });

  it('a layer that was moved is edited where it is now', async () => {
    const { page, document, user, goOn } = await underWay();
    user.move(layerOf(document, 'Photo').id, 13, -7);
    goOn();
    await page.says(DONE);
    expect(layerOf(document, 'Awe · 100 %').pixels.bounds).toEqual({
      left: 13,
      top: -7,
      right: 13 + SIDE,
      bottom: SIDE - 7,
    });
  });

  it('a layer that was painted on is edited as it is now', async () => {
    const { page, document, user, goOn } = await underWay();
    const area = { left: 0, top: 0, right: 8, bottom: 8 };
    const black = new Uint8Array(8 * 8 * 4).map((_, i) => (i % 4 === 3 ? 255 : 0));
    user.paint(layerOf(document, 'Photo').id, area, black);
    goOn();
    await page.says(DONE);
    const result = layerOf(document, 'Awe · 100 %').pixels.read(area);
    const before = photograph().filter((_, i) => i % 4 === 0)[3 * SIDE + 3] as number;
    expect(result[(3 * 8 + 3) * 4]).toBeLessThan(before - 20);
  });

  it.each([
    [
      'closed',
      ({ fake, document }: Awaited<ReturnType<typeof underWay>>) => fake.close(document),
      /“dunes\.psd” is no longer open/,
    ],
    [
      'without the layer',
      ({ user, document }: Awaited<ReturnType<typeof underWay>>) =>
        user.deleteLayer(layerOf(document, 'Photo').id),
      /“Photo” is no longer in “dunes\.psd”/,
    ],
    [
      'in CMYK',
      ({ document }: Awaited<ReturnType<typeof underWay>>) =>
        document.become({ mode: 'CMYKColorMode' }),
      /in CMYK mode.*undo that and apply again/,
    ],
    [
      'with a video in place of the layer',
      ({ document }: Awaited<ReturnType<typeof underWay>>) =>
        document.changeLayer(layerOf(document, 'Photo').id, (layer) => ({
          ...layer,
          kind: 'video',
        })),
      /“Photo” is a video layer.*apply again/,
    ],
    [
      'with a smaller layer',
      ({ user, document }: Awaited<ReturnType<typeof underWay>>) =>
        user.paint(
          layerOf(document, 'Photo').id,
          { ...WHOLE, right: 10 },
          new Uint8Array(10 * SIDE * 4),
        ),
      /“Photo” was 96 × 96 pixels when the edit began and is 86 × 96/,
    ],
  ])(
    'a document that is now %s is told of in a sentence, and nothing is written',
    async (_how, act, text) => {
      const now = await underWay();
      act(now);
      const before = now.document.content;
      now.goOn();
      await now.page.says(text);
      expect(now.document.content).toBe(before);
      expect(now.fake.modal.isModal).toBe(false);
    },
  );

  it('a dialog of Photoshop’s own is waited for', async () => {
    const { fake, page, document, hurry, goOn } = await underWay();
    fake.modal.isBusy = true;
    goOn();
    await page.says('Waiting for Photoshop’s dialog or tool');
    hurry();
    await vi.waitFor(() => expect(fake.modal.refused).toBeGreaterThan(20), { timeout: 20_000 });
    expect(page.text).not.toMatch(/Try again/);
    fake.modal.isBusy = false;
    await page.says(DONE);
    expect(history(document)).toEqual(['Open', 'Awe · 100 %']);
  });
});

const expectSoon = (isSo: () => boolean) => expect.poll(isSo).toBe(true);
