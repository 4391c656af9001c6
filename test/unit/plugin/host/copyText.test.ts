import { copyText } from '@emoeditor/plugin/host/copyText.ts';
import { expect, it } from 'vitest';
import { photoshopWorld } from '../doubles/photoshopWorld.ts';

it('[BP11] puts text onto the clipboard by Photoshop’s command', async () => {
  const { module, fake } = photoshopWorld();
  expect(await copyText(module, 'a report\nof two lines')).toBe(true);
  expect(fake.clipboard).toBe('a report\nof two lines');
});

it.each([
  ['answers with an error', async () => [{ _obj: 'error', message: 'not available' }]],
  ['answers nothing', async () => []],
  [
    'throws',
    async () => {
      throw new Error('no such command');
    },
  ],
])('says so where Photoshop %s', async (_, batchPlay) => {
  const { module } = photoshopWorld();
  const action = { ...module.action, batchPlay } as typeof module.action;
  expect(await copyText({ core: module.core, action }, 'a report')).toBe(false);
});
