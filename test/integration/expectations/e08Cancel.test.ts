import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { newFolder } from '../companion.ts';
import { evoke, history, openDocument, stage } from './stage.ts';

let stepsFile = '';
/** The engine writes a letter for each evaluation of its UNet: the first of the emotion that it leads to. */
const { photoshop } = stage(async () => {
  stepsFile = join(await newFolder(), 'steps');
  return `slower#${stepsFile}`;
});
const steps = () => {
  try {
    return readFileSync(stepsFile, 'utf8');
  } catch {
    return '';
  }
};
const count = (letter: string) => steps().split(letter).length - 1;

/** Edits of the rules as published: up to thirty iterations, which would take this engine minutes. */
const LONG = { mode: 'paper' };

describe('expectation 8: a cancel ends the work, the model’s too, within a step', () => {
  it('by Escape while an action plays', async () => {
    const { fake } = photoshop();
    const document = openDocument(fake);
    const playing = fake.actions.play([evoke({ ...LONG, emotion: 'fear' })]);
    playing.catch(() => {});
    await vi.waitFor(() => expect(count('f')).toBeGreaterThan(2), { timeout: 20_000, interval: 5 });
    const then = count('f');
    fake.modal.cancel();
    await expect(playing).rejects.toThrow(/cancelled/);
    expect(count('f')).toBeLessThanOrEqual(then + 1);
    expect(history(document)).toEqual(['Open']);
    await expectNothingMoreOf('f', fake);
  });

  it('by the panel’s button, and the panel is free again', async () => {
    const world = photoshop();
    const document = openDocument(world.fake);
    const page = world.openPanel();
    await page.press(/^Sadness/);
    await page.press('Advanced');
    page.pick('Rules of the loop', 'As published');
    await page.press('Evoke Sadness');
    await vi.waitFor(() => expect(count('s')).toBeGreaterThan(2), { timeout: 20_000, interval: 5 });
    const then = count('s');
    await page.press('Cancel');
    await page.says('Evoke Sadness');
    expect(count('s')).toBeLessThanOrEqual(then + 1);
    expect(history(document)).toEqual(['Open']);
    expect(world.fake.modal.isModal).toBe(false);
    await expectNothingMoreOf('s', world.fake);
  });

  /** A whole edit of another emotion goes through the same engine meanwhile. */
  async function expectNothingMoreOf(letter: string, fake: Parameters<typeof openDocument>[0]) {
    const [before, others] = [count(letter), count('d')];
    openDocument(fake, { name: 'next.psd' });
    await fake.actions.play([evoke({ emotion: 'disgust' })]);
    expect(count('d')).toBeGreaterThan(others);
    expect(count(letter)).toBe(before);
  }
});
