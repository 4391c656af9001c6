import { readFile, writeFile } from 'node:fs/promises';
import { restartPauseMs } from '@emoeditor/companion-server/engine/restartPolicy.ts';
import { describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../temporaryFolder.ts';
import { editOnce, forkedEngines, never } from '../unit/companion-server/engine/forkedEngines.ts';

const forked = forkedEngines();
const folder = temporaryFolder();

describe('engine in a process of its own', () => {
  it('ER4: an edit whose engine dies twice fails, and the next one runs', async () => {
    const onCrash = vi.fn();
    const engine = forked('crash', { onCrash });
    await expect(
      editOnce(engine, never, { target: { kind: 'emotion', emotion: 'fear' } }),
    ).rejects.toMatchObject({ code: 'ENGINE_CRASHED', retryable: true });
    expect((await editOnce(engine)).edits).toHaveLength(2);
    expect(onCrash).toHaveBeenCalledTimes(2);
  });

  it('ER4: an engine that dies while it loads is started again by itself, ever later', async () => {
    const file = folder('deaths');
    await writeFile(file, '3');
    const engine = forked(`dies#${file}`);
    await expect(editOnce(engine)).rejects.toMatchObject({ code: 'ENGINE_CRASHED' });
    // The third start waits; whoever asks now is told so.
    await expect(engine.ready()).rejects.toMatchObject({
      code: 'ENGINE_CRASHED',
      message: expect.stringContaining('2 times in a row'),
    });
    await expect.poll(() => readFile(file, 'utf8')).toBe('0');
    expect((await editOnce(engine)).edits).toHaveLength(2);
    expect([0, 1, 2, 3, 4, 9, 99].map(restartPauseMs)).toEqual([
      0, 0, 500, 1000, 2000, 30_000, 30_000,
    ]);
  });

  it('ER4: a provider on which engines die is given up, and the reason can be shown', async () => {
    const engine = forked('card');
    expect((await engine.ready()).provider).toMatchObject({ name: 'card', refused: [] });
    await expect(editOnce(engine)).rejects.toMatchObject({ code: 'ENGINE_CRASHED' });
    expect((await editOnce(engine)).edits).not.toEqual([]);
    expect((await engine.ready()).provider).toMatchObject({
      name: 'scripted',
      refused: [{ name: 'card', reason: expect.stringContaining('died on it 2 times') }],
    });
  });

  it('ER4: a card that is lost while its process lives on is given up as well', async () => {
    const engine = forked('lost');
    expect((await engine.ready()).provider.name).toBe('card');
    await expect(editOnce(engine)).rejects.toMatchObject({
      code: 'ENGINE_CRASHED',
      message: expect.stringContaining('The device was removed.'),
    });
    expect((await editOnce(engine)).edits).not.toEqual([]);
    expect((await engine.ready()).provider).toMatchObject({
      name: 'scripted',
      refused: [{ name: 'card', reason: expect.stringContaining('2 times') }],
    });
  });

  it('ER4: an engine that stands still in mid-edit is ended', async () => {
    const stepsFile = folder('still');
    const engine = forked(`stuck#${stepsFile}`, { stallMs: 1500 });
    await expect(editOnce(engine)).rejects.toMatchObject({ code: 'ENGINE_CRASHED' });
    expect(await readFile(stepsFile, 'utf8')).toBe('aaaa');
  });
});
