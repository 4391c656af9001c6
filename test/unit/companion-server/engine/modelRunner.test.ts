import type { EngineModels } from '@emoeditor/companion-server/engine/engineModels.ts';
import { createModelRunner } from '@emoeditor/companion-server/engine/modelRunner.ts';
import { ModelError } from '@emoeditor/companion-server/models/modelError.ts';
import type { IterationPictures } from '@emoeditor/companion-server/pipeline/edit.ts';
import { editRequestSchema, type IterationReport } from '@emoeditor/shared';
import { describe, expect, it, vi } from 'vitest';
import { createScriptedModels, type ScriptedModels } from '../../../fakes/scriptedModels.ts';
import { photograph, TEST_FAST } from '../pipeline/editing.ts';

const request = editRequestSchema.parse({
  target: { kind: 'emotion', emotion: 'awe' },
  maxIterations: 2,
});
const never = new AbortController().signal;

function runnerOver(scripted: ScriptedModels = createScriptedModels()) {
  const release = vi.fn(async () => {});
  const load = vi.fn(
    async (): Promise<EngineModels> => ({
      models: scripted.models,
      fast: TEST_FAST,
      provider: { name: 'scripted', reason: 'a test', refused: [] },
      release,
    }),
  );
  return { runner: createModelRunner(load), load, release, scripted };
}

interface Heard {
  report: IterationReport;
  edit: IterationPictures;
}

describe('model runner', () => {
  it('loads once, whoever asks first', async () => {
    const { runner, load, release } = runnerOver();
    const [info] = await Promise.all([runner.ready(), runner.predict(photograph(), never)]);
    expect(info).toMatchObject({ bundle: { id: 'scripted' }, provider: { name: 'scripted' } });
    expect(load).toHaveBeenCalledTimes(1);
    await runner.close();
    expect(release).toHaveBeenCalledTimes(1);
  });

  it('says why a bundle cannot be loaded, and tries again when asked again', async () => {
    const { load } = runnerOver();
    load.mockRejectedValueOnce(new ModelError('MODEL_MISSING', 'No bundle.', 'Import one.'));
    const runner = createModelRunner(load);
    await expect(runner.ready()).rejects.toMatchObject({
      name: 'ProtocolError',
      code: 'MODEL_MISSING',
      message: 'No bundle.',
      hint: 'Import one.',
      retryable: false,
    });
    await expect(runner.ready()).resolves.toMatchObject({ bundle: { id: 'scripted' } });
  });

  it('edits, telling every iteration with the pictures that compositing needs', async () => {
    const { runner } = runnerOver();
    const heard: Heard[] = [];
    const stages = new Set<string>();
    const summary = await runner.edit(
      request,
      photograph(),
      {
        progress: ({ stage }) => void stages.add(stage),
        iteration: (report, preview, edit) => {
          expect(preview).toMatchObject(edit.extent);
          heard.push({ report, edit });
        },
      },
      never,
    );
    expect(stages).toContain('denoise');
    expect(heard.map(({ report }) => report.index)).toEqual([0, 1]);
    expect(summary.sourceDistribution).toEqual(Array(8).fill(1 / 8));
    expect(heard[summary.chosen]).toBeDefined();
    for (const { edit } of heard) {
      expect(edit.extent).toEqual({ width: 64, height: 64 });
      expect(edit.decodedEdit).toHaveLength(3 * 64 * 64);
      expect(edit.decodedEdit).not.toEqual(edit.decodedSource);
    }
  });

  it('stops within one step when aborted, with the reason of the signal', async () => {
    const scripted = createScriptedModels();
    const { runner } = runnerOver(scripted);
    const controller = new AbortController();
    const reason = new Error('enough');
    scripted.duringStep = (_call, index) => {
      if (index === 1) controller.abort(reason);
    };
    const ended = runner.edit(
      request,
      photograph(),
      { progress() {}, iteration() {} },
      controller.signal,
    );
    await expect(ended).rejects.toBe(reason);
    expect(scripted.unetCalls).toHaveLength(2);
  });

  it.each([
    [new Error('std::bad_alloc'), 'OUT_OF_MEMORY', true],
    [new Error('surprise'), 'INTERNAL', true],
  ])('turns %o into %s', async (error, code, retryable) => {
    const scripted = createScriptedModels();
    scripted.duringStep = () => {
      throw error;
    };
    const { runner } = runnerOver(scripted);
    const ended = runner.edit(request, photograph(), { progress() {}, iteration() {} }, never);
    await expect(ended).rejects.toMatchObject({ code, retryable });
  });
});
