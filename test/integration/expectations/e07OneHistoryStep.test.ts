import type { FakePhotoshop } from '@emoeditor/fake-photoshop';
import { describe, expect, it } from 'vitest';
import { evoke, history, names, openDocument, stage } from './stage.ts';

const { photoshop } = stage();
const { photoshop: crashing } = stage(() => 'crash');

/** From now on that call of `imaging` fails as on a full scratch disk. */
function breakImaging(fake: FakePhotoshop, call: string): void {
  const { imaging } = fake.require('photoshop') as { imaging: Record<string, unknown> };
  imaging[call] = async () => {
    throw new Error('The scratch disks are full.');
  };
}

describe('expectation 7: one named history step, and nothing at all after a failure or a cancel', () => {
  it.each([
    ['one layer', 'layer'],
    ['a group', 'group'],
  ])('%s is one step, undone and redone at once', async (_what, result) => {
    const { fake } = photoshop();
    const document = openDocument(fake);
    const before = document.content;
    await fake.actions.play([evoke({ 'org.emoeditor.result': result })]);
    expect(history(document)).toEqual(['Open', 'Awe · 100 %']);
    fake.user(document).undo();
    expect(document.content).toBe(before);
    fake.user(document).redo();
    expect(names(document)[0]).toBe('Awe · 100 %');
  });

  it.each(['createImageDataFromBuffer', 'putPixels', 'putLayerMask', 'getSelection'])(
    'a failure of %s leaves document and history as they were, and says what happened',
    async (call) => {
      const { fake } = photoshop();
      const document = openDocument(fake);
      fake.user(document).selectArea({ left: 10, top: 10, right: 80, bottom: 80 });
      const [content, steps] = [document.content, history(document)];
      breakImaging(fake, call);
      await expect(fake.actions.play([evoke()])).rejects.toThrow(/scratch disks are full/);
      expect(document.content).toBe(content);
      expect(history(document)).toEqual(steps);
      expect(fake.modal.isModal).toBe(false);
    },
  );

  it('a crash of the engine does too, and the next edit works', async () => {
    const { fake } = crashing();
    const document = openDocument(fake);
    const { content } = document;
    await expect(fake.actions.play([evoke({ emotion: 'fear' })])).rejects.toThrow(
      /process that runs the models/,
    );
    expect(document.content).toBe(content);
    expect(history(document)).toEqual(['Open']);
    await fake.actions.play([evoke()]);
    expect(history(document)).toEqual(['Open', 'Awe · 100 %']);
  });

  it('Escape while the result is being written does too', async () => {
    const { fake } = photoshop();
    const document = openDocument(fake);
    const { content } = document;
    const { imaging } = fake.require('photoshop') as {
      imaging: { putPixels(options: object): Promise<void> };
    };
    const put = imaging.putPixels;
    imaging.putPixels = async (options) => {
      await put(options);
      fake.modal.cancel();
    };
    await expect(fake.actions.play([evoke()])).rejects.toThrow(/cancelled/);
    expect(document.content).toBe(content);
    expect(history(document)).toEqual(['Open']);
  });

  it('and so does the panel’s cancel, which leaves no word of complaint', async () => {
    const world = photoshop();
    const document = openDocument(world.fake);
    const { content } = document;
    const page = world.openPanel();
    const { imaging } = world.fake.require('photoshop') as {
      imaging: { putPixels(options: object): Promise<void> };
    };
    const put = imaging.putPixels;
    let isPressed = false;
    imaging.putPixels = async (options) => {
      if (!isPressed) await page.press('Cancel');
      isPressed = true;
      await put(options);
    };
    await page.press('Evoke Awe');
    await page.says('Apply as layer');
    expect(isPressed).toBe(true);
    expect(document.content).toBe(content);
    expect(history(document)).toEqual(['Open']);
    expect(page.text).not.toMatch(/could not|unexpected/i);
  });
});
