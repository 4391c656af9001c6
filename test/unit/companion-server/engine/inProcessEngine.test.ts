import type { EngineModels } from '@emoeditor/companion-server/engine/engineModels.ts';
import { createInProcessEngine } from '@emoeditor/companion-server/engine/inProcessEngine.ts';
import { ModelError } from '@emoeditor/companion-server/models/modelError.ts';
import type { IterationPictures } from '@emoeditor/companion-server/pipeline/edit.ts';
import { editRequestSchema, type IterationReport, SRGB_PROFILE } from '@emoeditor/shared';
import { describe, expect, it, vi } from 'vitest';
import { createScriptedModels, type ScriptedModels } from '../../../fakes/scriptedModels.ts';
import { photograph, TEST_FAST } from '../pipeline/editing.ts';

const request = editRequestSchema.parse({
  target: { kind: 'emotion', emotion: 'awe' },
  maxIterations: 2,
});
const never = new AbortController().signal;

function engineOver(scripted: ScriptedModels = createScriptedModels()) {
  const release = vi.fn(async () => {});
  const load = vi.fn(
    async (): Promise<EngineModels> => ({
      models: scripted.models,
      fast: TEST_FAST,
      provider: { name: 'scripted', reason: 'a test', refused: [] },
      release,
    }),
  );
  return { engine: createInProcessEngine(load), load, release, scripted };
}

interface Heard {
  report: IterationReport;
  edit: IterationPictures;
}

describe('in-process engine', () => {
  it('loads once, whoever asks first', async () => {
    const { engine, load, release } = engineOver();
    const [info] = await Promise.all([engine.ready(), engine.predict(photograph(), never)]);
    expect(info).toMatchObject({ bundle: { id: 'scripted' }, provider: { name: 'scripted' } });
    expect(load).toHaveBeenCalledTimes(1);
    await engine.close();
    expect(release).toHaveBeenCalledTimes(1);
  });

  it('says why a bundle cannot be loaded, and tries again when asked again', async () => {
    const { load } = engineOver();
    load.mockRejectedValueOnce(new ModelError('MODEL_MISSING', 'No bundle.', 'Import one.'));
    const engine = createInProcessEngine(load);
    await expect(engine.ready()).rejects.toMatchObject({
      name: 'ProtocolError',
      code: 'MODEL_MISSING',
      message: 'No bundle.',
      hint: 'Import one.',
      retryable: false,
    });
    await expect(engine.ready()).resolves.toMatchObject({ bundle: { id: 'scripted' } });
  });

  it('edits, telling every iteration with the pictures that compositing needs', async () => {
    const { engine } = engineOver();
    const heard: Heard[] = [];
    const stages = new Set<string>();
    const summary = await engine.edit(
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

  it('composites a fitted iteration: 0 leaves the tile as it was, 1 changes it, any tiling the same', async () => {
    const { engine } = engineOver();
    const edits: IterationPictures[] = [];
    await engine.edit(
      request,
      photograph(),
      { progress() {}, iteration: (_report, _preview, edit) => void edits.push(edit) },
      never,
    );
    const fit = await engine.fit(edits[0]!, SRGB_PROFILE);
    const { rgb } = photograph(128, 128);
    const shape = { channels: 3, sample: 'uint8', range: 255, profile: SRGB_PROFILE } as const;
    const tile = { format: { width: 128, height: 128, ...shape }, data: rgb };
    const extent = { width: 128, height: 128 };
    const place = { bounds: { left: 0, top: 0, ...extent }, extent };
    const untouched = await engine.composite(fit, tile, place, { intensity: 0 });
    expect(untouched.data).toEqual(rgb);
    const whole = await engine.composite(fit, tile, place, { intensity: 1 });
    expect(whole.data).not.toEqual(rgb);
    const lower = await engine.composite(
      fit,
      {
        format: { width: 128, height: 64, ...shape },
        data: rgb.slice(64 * 128 * 3),
      },
      { bounds: { left: 0, top: 64, width: 128, height: 64 }, extent },
      { intensity: 1 },
    );
    expect(lower.data).toEqual(whole.data.slice(64 * 128 * 3));
  });

  it('stops within one step when aborted, with the reason of the signal', async () => {
    const scripted = createScriptedModels();
    const { engine } = engineOver(scripted);
    const controller = new AbortController();
    const reason = new Error('enough');
    scripted.duringStep = (_call, index) => {
      if (index === 1) controller.abort(reason);
    };
    const ended = engine.edit(
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
    const { engine } = engineOver(scripted);
    const ended = engine.edit(request, photograph(), { progress() {}, iteration() {} }, never);
    await expect(ended).rejects.toMatchObject({ code, retryable });
  });

  it('refuses a profile that it cannot composite in', async () => {
    const { engine } = engineOver();
    const plane = new Float32Array(3 * 64 * 64);
    const edit = {
      extent: { width: 64, height: 64 },
      source: plane,
      decodedSource: plane,
      decodedEdit: plane,
      region: null,
      delivery: { strength: 1, content: true },
    };
    await expect(engine.fit(edit, 'US Web Coated (SWOP) v2')).rejects.toMatchObject({
      code: 'BAD_IMAGE',
    });
  });
});
