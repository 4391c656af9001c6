import type { Engine } from '@emoeditor/companion-server/engine/engine.ts';
import { createForkedEngine } from '@emoeditor/companion-server/engine/forkedEngine.ts';
import type { IterationPictures } from '@emoeditor/companion-server/pipeline/edit.ts';
import {
  type EditRequest,
  editRequestSchema,
  type IterationReport,
  type PixelBuffer,
  SRGB_PROFILE,
} from '@emoeditor/shared';
import { afterAll, describe, expect, it } from 'vitest';
import { createClusterEngine } from '../fakes/clusterEngine.ts';
import { createInProcessEngine } from '../fakes/inProcessEngine.ts';
import { createManualEngine, type ManualEngine } from '../fakes/manualEngine.ts';
import { HAS_NATS, WITHOUT_NATS } from '../fakes/natsServer.ts';
import { loadModels } from '../fakes/scriptedEngineModels.ts';
import { SCRIPTED_MODELS } from '../fakes/scriptedModelsModule.ts';

type Create = (bundle: string) => Engine;

const settings = (bundle: string) => ({ bundle, threads: null, provider: null, cacheFolder: '' });

/** Engines over models, each started once for a bundle: a process of its own takes a second. */
const inProcess = openedOnce((bundle) => createInProcessEngine(() => loadModels(settings(bundle))));
const forked = openedOnce((bundle) =>
  createForkedEngine({
    settings: settings(bundle),
    modelsModule: SCRIPTED_MODELS,
    environment: process.env,
    cancelGraceMs: 10_000,
  }),
);
const manual = openedOnce(createManualEngine);
const overNats = openedOnce((bundle) =>
  createClusterEngine(createInProcessEngine(() => loadModels(settings(bundle)))),
);

/** Those whose models are in this machine. */
const LOCAL: ReadonlyArray<readonly [string, Create]> = [
  ['in process', inProcess],
  ['forked', forked],
];
const OVER_MODELS: ReadonlyArray<readonly [string, Create]> = HAS_NATS
  ? [...LOCAL, ['over NATS', overNats]]
  : LOCAL;
/** Every implementation of the port; one that a test drives by hand is driven here. */
const ENGINES: ReadonlyArray<readonly [string, Create, (engine: Engine) => void]> = [
  ...OVER_MODELS.map(([name, create]) => [name, create, () => {}] as const),
  ['driven by hand', manual, driven],
];

const picture = {
  width: 64,
  height: 96,
  rgb: Uint8Array.from({ length: 64 * 96 * 3 }, (_, i) => (i * 37 + Math.floor(i / 97) * 11) % 256),
};
const request = editRequestSchema.parse({ target: { kind: 'emotion', emotion: 'sadness' } });
const never = new AbortController().signal;

const open: Engine[] = [];
afterAll(async () => {
  await Promise.all(open.splice(0).map((engine) => engine.close()));
});

function openedOnce(create: Create): Create {
  const known = new Map<string, Engine>();
  return (bundle) => {
    const engine = known.get(bundle) ?? create(bundle);
    if (!known.has(bundle)) open.push(engine);
    known.set(bundle, engine);
    return engine;
  };
}

function driven(engine: Engine): void {
  const edit = (engine as ManualEngine).edits.at(-1);
  edit?.progress(0.5);
  if (edit?.signal.aborted) return;
  edit?.iteration(0);
  edit?.iteration(1);
  edit?.succeed(1);
}

/** A tile of the picture from one row to another. */
function tileOf(from = 0, to = picture.height) {
  const { width, height, rgb } = picture;
  const kind = { channels: 3, sample: 'uint8', range: 255, profile: SRGB_PROFILE } as const;
  const format = { width, height: to - from, ...kind };
  const tile: PixelBuffer = { format, data: rgb.slice(from * width * 3, to * width * 3) };
  const bounds = { left: 0, top: from, width, height: to - from };
  return [tile, { bounds, extent: { width, height } }] as const;
}

async function wholeJob(
  engine: Engine,
  drive = (_: Engine) => {},
  more: Partial<EditRequest> = {},
) {
  const info = await engine.ready();
  const reports: IterationReport[] = [];
  const edits: IterationPictures[] = [];
  const ended = engine.edit(
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
  drive(engine);
  const { timings: _timings, ...summary } = await ended;
  const fit = await engine.fit(edits[summary.chosen]!, SRGB_PROFILE);
  const tile = await engine.composite(fit, ...tileOf(), { intensity: 1 });
  return { info, reports, edits, summary, fit, tile };
}

describe('engine contract', () => {
  it.skipIf(!HAS_NATS)(`runs over NATS as well${WITHOUT_NATS}`, () => {
    expect(OVER_MODELS.map(([name]) => name)).toContain('over NATS');
  });

  it.each(ENGINES)(
    '%s: reports iterations in order, all before the end',
    async (_, create, drive) => {
      const { reports, edits, summary, fit, tile } = await wholeJob(create('scripted'), drive);
      expect(reports.map(({ index }) => index)).toEqual(reports.map((_report, i) => i));
      expect(reports[summary.chosen]).toBeDefined();
      expect(summary.sourceDistribution).toHaveLength(8);
      for (const { extent, source, decodedSource } of edits) {
        expect(source).toHaveLength(3 * extent.width * extent.height);
        expect(decodedSource).toHaveLength(source.length);
      }
      expect(fit).toMatchObject({ profile: SRGB_PROFILE, extent: edits[0]!.extent });
      expect(tile.format).toEqual(tileOf()[0].format);
      expect(tile.data).toHaveLength(picture.rgb.length);
    },
  );

  it.each(ENGINES)('%s: an aborted edit throws the signal’s reason', async (_, create, drive) => {
    const engine = create('blocking');
    const controller = new AbortController();
    const reason = new Error('enough');
    const ended = engine.edit(
      request,
      picture,
      { progress: () => controller.abort(reason), iteration() {} },
      controller.signal,
    );
    drive(engine);
    await expect(ended).rejects.toBe(reason);
    expect(await engine.predict(picture, never)).toHaveLength(8);
  });

  it.each(['scripted', 'tiny'])(
    'gives the same bits wherever the work is done: %s',
    async (bundle) => {
      const [first, ...others] = await Promise.all(
        OVER_MODELS.map(([, create]) => wholeJob(create(bundle))),
      );
      expect(first!.reports.length).toBeGreaterThan(0);
      for (const other of others) expect(other).toEqual(first);
    },
  );

  it.each(OVER_MODELS)(
    '%s: composites what the VAE makes, whatever the preview was made by',
    async (_, create) => {
      const once = { candidates: 1, maxIterations: 1 };
      const byVae = await wholeJob(create('scripted'), undefined, once);
      const byTiny = await wholeJob(create('tiny'), undefined, once);
      expect(byTiny.reports).not.toEqual(byVae.reports);
      expect(byTiny.tile).toEqual(byVae.tile);
    },
  );

  it.each(OVER_MODELS)(
    '%s: an intensity of 0 leaves a tile as it is, and tiles fit together',
    async (_, create) => {
      const engine = create('scripted');
      const { fit, tile } = await wholeJob(engine);
      expect(tile.data).not.toEqual(picture.rgb);
      const untouched = await engine.composite(fit, ...tileOf(), { intensity: 0 });
      expect(untouched.data).toEqual(picture.rgb);
      const lower = await engine.composite(fit, ...tileOf(48), { intensity: 1 });
      expect(lower.data).toEqual(tile.data.slice(48 * picture.width * 3));
    },
  );

  it.each(OVER_MODELS)('%s: refuses a profile that it cannot composite in', async (_, create) => {
    const engine = create('scripted');
    const { edits } = await wholeJob(engine);
    const refused = engine.fit(edits[0]!, 'US Web Coated (SWOP) v2');
    await expect(refused).rejects.toMatchObject({ name: 'ProtocolError', code: 'BAD_IMAGE' });
  });

  it.each(LOCAL)(
    '%s: says with a code and a hint that its models are missing',
    async (_, create) => {
      await expect(create('missing').ready()).rejects.toMatchObject({
        name: 'ProtocolError',
        code: 'MODEL_MISSING',
        hint: 'Choose another.',
      });
    },
  );

  it.each(OVER_MODELS)(
    '%s: stops within one step of models that block their thread',
    async (_, create) => {
      const controller = new AbortController();
      let stepsAfter = 0;
      const ended = create('blocking').edit(
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

  it.each(OVER_MODELS)('%s: refuses a picture whose bytes do not fill it', async (_, create) => {
    await expect(
      create('scripted').predict({ ...picture, rgb: new Uint8Array(5) }, never),
    ).rejects.toMatchObject({ code: 'BAD_IMAGE' });
  });
});
