import type { Engine } from '@emoeditor/companion-server/engine/engine.ts';
import { createForkedEngine } from '@emoeditor/companion-server/engine/forkedEngine.ts';
import { createInProcessEngine } from '@emoeditor/companion-server/engine/inProcessEngine.ts';
import type { IterationPictures } from '@emoeditor/companion-server/pipeline/edit.ts';
import {
  type EditRequest,
  editRequestSchema,
  type IterationReport,
  SRGB_PROFILE,
} from '@emoeditor/shared';
import { afterEach, describe, expect, it } from 'vitest';
import { loadModels } from '../fakes/scriptedEngineModels.ts';

const settings = (bundle: string) => ({ bundle, threads: null, provider: null, cacheFolder: '' });

/** Every implementation of the port, over the same models. */
const ENGINES: ReadonlyArray<readonly [string, (bundle: string) => Engine]> = [
  ['in process', (bundle) => createInProcessEngine(() => loadModels(settings(bundle)))],
  [
    'forked',
    (bundle) =>
      createForkedEngine({
        settings: settings(bundle),
        modelsModule: new URL('../fakes/scriptedEngineModels.ts', import.meta.url).href,
        environment: process.env,
        cancelGraceMs: 10_000,
      }),
  ],
];

const picture = {
  width: 64,
  height: 96,
  rgb: Uint8Array.from({ length: 64 * 96 * 3 }, (_, i) => (i * 37 + Math.floor(i / 97) * 11) % 256),
};
const request = editRequestSchema.parse({ target: { kind: 'emotion', emotion: 'sadness' } });
const never = new AbortController().signal;

const open: Engine[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((engine) => engine.close()));
});

async function wholeJob(engine: Engine, more: Partial<EditRequest> = {}) {
  open.push(engine);
  const info = await engine.ready();
  const reports: IterationReport[] = [];
  const edits: IterationPictures[] = [];
  const summary = await engine.edit(
    { ...request, ...more },
    picture,
    {
      progress() {},
      iteration(report, _preview, edit) {
        reports.push(report);
        edits.push(edit);
      },
    },
    never,
  );
  const fit = await engine.fit(edits[summary.chosen]!, SRGB_PROFILE);
  const { width, height, rgb } = picture;
  const shape = { channels: 3, sample: 'uint8', range: 255, profile: SRGB_PROFILE } as const;
  const tile = await engine.composite(
    fit,
    { format: { width, height, ...shape }, data: rgb },
    { bounds: { left: 0, top: 0, width, height }, extent: { width, height } },
    { intensity: 1 },
  );
  const { timings: _timings, ...rest } = summary;
  return { info, reports, edits, rest, tile: tile.data };
}

describe('engine contract', () => {
  it.each(['scripted', 'tiny'])(
    'gives the same bits whichever engine does the work: %s',
    async (bundle) => {
      const [first, second] = await Promise.all(
        ENGINES.map(([, create]) => wholeJob(create(bundle))),
      );
      expect(first!.reports.length).toBeGreaterThan(0);
      expect(second).toEqual(first);
    },
  );

  it.each(ENGINES)(
    '%s: composites what the VAE makes, whatever the preview was made by',
    async (_, create) => {
      const once = { candidates: 1, maxIterations: 1 };
      const byVae = await wholeJob(create('scripted'), once);
      const byTiny = await wholeJob(create('tiny'), once);
      expect(byTiny.reports).not.toEqual(byVae.reports);
      expect(byTiny.tile).toEqual(byVae.tile);
    },
  );

  it.each(ENGINES)(
    '%s: says with a code and a hint that its models are missing',
    async (_, create) => {
      const engine = create('missing');
      open.push(engine);
      await expect(engine.ready()).rejects.toMatchObject({
        name: 'ProtocolError',
        code: 'MODEL_MISSING',
        hint: 'Choose another.',
      });
    },
  );

  it.each(ENGINES)('%s: an aborted edit throws the signal’s reason', async (_, create) => {
    const engine = create('slow');
    open.push(engine);
    const controller = new AbortController();
    const reason = new Error('enough');
    const ended = engine.edit(
      request,
      picture,
      { progress: () => controller.abort(reason), iteration() {} },
      controller.signal,
    );
    await expect(ended).rejects.toBe(reason);
    expect(await engine.predict(picture, never)).toHaveLength(8);
  });

  it.each(ENGINES)(
    '%s: stops within one step of models that block their thread',
    async (_, create) => {
      const engine = create('blocking');
      open.push(engine);
      const controller = new AbortController();
      let stepsAfter = 0;
      const ended = engine.edit(
        { ...request, steps: 30 },
        picture,
        {
          progress({ stage, step }) {
            if (stage !== 'denoise' || step < 3) return;
            if (controller.signal.aborted) stepsAfter += 1;
            else controller.abort(new Error('enough'));
          },
          iteration() {},
        },
        controller.signal,
      );
      await expect(ended).rejects.toThrow('enough');
      expect(stepsAfter).toBeLessThanOrEqual(1);
    },
  );

  it.each(ENGINES)('%s: refuses a picture whose bytes do not fill it', async (_, create) => {
    const engine = create('scripted');
    open.push(engine);
    await expect(
      engine.predict({ ...picture, rgb: new Uint8Array(5) }, never),
    ).rejects.toMatchObject({ code: 'BAD_IMAGE' });
  });
});
