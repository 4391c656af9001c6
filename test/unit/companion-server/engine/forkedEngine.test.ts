import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { SILENT } from '@emoeditor/companion-server/log.ts';
import type { IterationPictures } from '@emoeditor/companion-server/pipeline/edit.ts';
import { SRGB_PROFILE } from '@emoeditor/shared';
import { describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../../temporaryFolder.ts';
import { photograph } from '../pipeline/editing.ts';
import { editOnce, forkedEngines, never, requestFor } from './forkedEngines.ts';

/* More deaths, which take longer: test/full/engineDeaths.test.ts. */

const forked = forkedEngines();
const folder = temporaryFolder();

const tile = {
  format: {
    width: 64,
    height: 64,
    channels: 3,
    sample: 'uint8',
    range: 255,
    profile: SRGB_PROFILE,
  } as const,
  data: photograph().rgb,
};
const place = {
  bounds: { left: 0, top: 0, width: 64, height: 64 },
  extent: { width: 64, height: 64 },
};

describe('engine in a process of its own', () => {
  it('does there what an engine in this process does', async () => {
    const engine = forked('scripted');
    expect(await engine.ready()).toMatchObject({
      bundle: { id: 'scripted' },
      provider: { name: 'scripted', reason: 'a test asked for it' },
    });
    const { summary, edits } = await editOnce(engine);
    expect(edits).toHaveLength(2);
    expect(edits[1]?.source).toBe(edits[0]?.source);
    expect(edits[0]?.decodedEdit).toHaveLength(3 * 64 * 64);
    expect(summary.sourceDistribution).toEqual(Array(8).fill(1 / 8));
    expect(await engine.predict(photograph(), never)).toEqual(Array(8).fill(1 / 8));
    const fit = await engine.fit(edits[0]!, SRGB_PROFILE);
    const first = await engine.composite(fit, tile, place, { intensity: 1 });
    const again = await engine.composite(fit, tile, place, { intensity: 1 });
    expect(first.data).not.toEqual(tile.data);
    expect(again.data).toEqual(first.data);
  });

  it('HS5: says why its models cannot be loaded, to everyone who asks', async () => {
    const engine = forked('missing');
    const expected = { code: 'MODEL_MISSING', hint: 'Choose another.' };
    await expect(engine.ready()).rejects.toMatchObject(expected);
    await expect(editOnce(engine)).rejects.toMatchObject(expected);
  });

  it('asks again for models that were missing, though the time of day was set back meanwhile', async () => {
    const starts: object[] = [];
    const log = { ...SILENT, error: (facts: object) => void starts.push(facts) };
    const engine = forked('missing', { log });
    await expect(engine.ready()).rejects.toMatchObject({ code: 'MODEL_MISSING' });
    await vi.waitFor(() => expect(engine.pid).toBeUndefined());
    const later = performance.now() + 60_000;
    vi.spyOn(Date, 'now').mockReturnValue(0);
    vi.spyOn(performance, 'now').mockReturnValue(later);
    try {
      await expect(engine.ready()).rejects.toMatchObject({ code: 'MODEL_MISSING' });
    } finally {
      vi.restoreAllMocks();
    }
    expect(starts).toHaveLength(2);
  });

  it('CX2: ends a cancelled edit in one step and lives on in the same process', async () => {
    const engine = forked('slow');
    await engine.ready();
    const { pid } = engine;
    const controller = new AbortController();
    const reason = new Error('enough');
    const steps: number[] = [];
    const ended = engine.edit(
      requestFor({ mode: 'paper', steps: 100 }),
      photograph(),
      {
        progress({ stage, step }) {
          if (stage === 'denoise') steps.push(step);
          if (steps.length === 3) controller.abort(reason);
        },
        iteration() {},
      },
      controller.signal,
    );
    await expect(ended).rejects.toBe(reason);
    expect(steps.length).toBeLessThan(10);
    await editOnce(engine);
    expect(engine.pid).toBe(pid);
  });

  it('CX2: kills a process that does not stop in time; the next call gets a fresh one', async () => {
    const stepsFile = folder('steps');
    const engine = forked(`stuck#${stepsFile}`, { cancelGraceMs: 50 });
    await engine.ready();
    const { pid } = engine;
    const controller = new AbortController();
    const ended = engine.edit(
      requestFor({ mode: 'paper', steps: 100 }),
      photograph(),
      { progress() {}, iteration() {} },
      controller.signal,
    );
    // Cancelled any earlier, it would still hear of it.
    await expect.poll(() => existsSync(stepsFile) && readFile(stepsFile, 'utf8')).toBe('aa');
    controller.abort();
    await expect(ended).rejects.toMatchObject({ name: 'AbortError' });
    expect(await engine.predict(photograph(), never)).toHaveLength(8);
    expect(engine.pid).not.toBe(pid);
  });

  it('ER4: fits made before a crash are usable all the while', async () => {
    const onCrash = vi.fn();
    const engine = forked('crash', { onCrash });
    const { edits } = await editOnce(engine);
    const fit = await engine.fit(edits[0]!, SRGB_PROFILE);
    const before = await engine.composite(fit, tile, place, { intensity: 1 });
    const { pid } = engine;
    process.kill(pid!, 'SIGKILL');
    const after = await engine.composite(fit, tile, place, { intensity: 1 });
    expect(after.data).toEqual(before.data);
    await vi.waitFor(() => expect(onCrash).toHaveBeenCalledTimes(1));
    await vi.waitFor(() => expect(engine.pid).toBeDefined());
    expect(engine.pid).not.toBe(pid);
  });

  it('ER4: an edit whose engine dies once goes on as if nothing had been', async () => {
    const whole = await editOnce(forked('scripted'));
    const engine = forked('scripted');
    const edits: IterationPictures[] = [];
    const summary = await engine.edit(
      requestFor(),
      photograph(),
      {
        progress() {},
        iteration(_report, _preview, edit) {
          edits.push(edit);
          if (edits.length === 1) process.kill(engine.pid!, 'SIGKILL');
        },
      },
      never,
    );
    expect({ ...summary, timings: {} }).toEqual({ ...whole.summary, timings: {} });
    expect(edits.map(({ decodedEdit }) => decodedEdit)).toEqual(
      whole.edits.map(({ decodedEdit }) => decodedEdit),
    );
  });

  it('ER4: an engine that loads without end is ended, and who waits is told', async () => {
    const engine = forked('loading', { loadMs: 200 });
    await expect(engine.ready()).rejects.toMatchObject({ code: 'ENGINE_CRASHED' });
  });
});
