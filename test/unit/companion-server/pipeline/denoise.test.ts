import { denoise, type Lane } from '@emoeditor/companion-server/pipeline/denoise.ts';
import { createGuidance } from '@emoeditor/companion-server/pipeline/guidance/createGuidance.ts';
import { prepareLatents } from '@emoeditor/companion-server/pipeline/prepareLatents.ts';
import { createScheduler } from '@emoeditor/companion-server/schedulers/createScheduler.ts';
import { gaussianNoise } from '@emoeditor/companion-server/tensor/noise.ts';
import { describe, expect, it } from 'vitest';
import { createScriptedModels } from '../../../fakes/scriptedModels.ts';

const scheduler = createScheduler('dpmSolver++', {
  spacing: 'trailing',
  steps: 6,
  trainTimesteps: 980,
});
const source = gaussianNoise([1, 4, 8, 8], { seed: 9, iteration: 0, candidate: 0 });
const control = () => ({
  signal: new AbortController().signal,
  isOutOfTime: () => false,
  onStep: () => {},
});

const lanes: Lane[] = [
  { startStep: 0, guidanceScale: 2.5 },
  { startStep: 2, guidanceScale: 1 },
  { startStep: 4, guidanceScale: 1.5 },
].map(({ startStep, guidanceScale }, candidate) => ({
  startStep,
  latents: prepareLatents(scheduler, source, startStep, { seed: 1, iteration: 0, candidate }),
  conditioning: {
    tokens: gaussianNoise([1, 2, 8], { seed: 2, iteration: 0, candidate }),
    imageLatents: source,
  },
  guidance: createGuidance(guidanceScale),
}));

describe('denoise', () => {
  it('gives each candidate of a batch what it would get alone, to the bit', async () => {
    const { unet } = createScriptedModels().models;
    const together = await denoise(unet, scheduler, lanes, control());
    for (const [index, lane] of lanes.entries()) {
      const alone = await denoise(unet, scheduler, [lane], control());
      expect(alone![0]).toEqual(together![index]);
    }
  });

  it('starts no earlier than its first lane and grows as lanes join', async () => {
    const scripted = createScriptedModels();
    await denoise(scripted.models.unet, scheduler, lanes.slice(1), control());
    expect(scripted.unetCalls.map(({ rows }) => rows)).toEqual([1, 1, 3, 3]);
    expect(scripted.unetCalls.map(({ timestep }) => timestep)).toEqual(
      scheduler.timesteps.slice(2),
    );
  });

  it('runs the last steps without guidance on request: as if the scale had been 1 from there on', async () => {
    const scripted = createScriptedModels();
    const lane = { ...(lanes[0] as Lane), unguidedFrom: 4 };
    const never = { ...lane, unguidedFrom: 0 };
    const always = lanes[0] as Lane;
    const run = async (one: Lane) =>
      (await denoise(scripted.models.unet, scheduler, [one], control()))![0]!.data;
    const [late, without, guided] = [await run(lane), await run(never), await run(always)];
    expect(scripted.unetCalls.slice(0, 6).map(({ rows }) => rows)).toEqual([2, 2, 2, 2, 1, 1]);
    expect(late).not.toEqual(guided);
    const plain = { ...always, guidance: createGuidance(1) };
    expect(without).toEqual(await run(plain));
  });

  it('arrives where the noise predictor points', async () => {
    const { unet } = createScriptedModels().models;
    const [lane] = lanes;
    const plain = { ...lane!, guidance: createGuidance(1) };
    const [clean] = (await denoise(unet, scheduler, [plain], control()))!;
    const tokens = plain.conditioning.tokens.data;
    const push = tokens.reduce((sum, value, k) => sum + value * (k + 1), 0) / tokens.length;
    clean!.data.forEach((value, i) => {
      expect(value).toBeCloseTo(source.data[i]! + 0.05 * push, 4);
    });
  });

  it('refuses a model that overflows instead of painting black', async () => {
    const { unet } = createScriptedModels().models;
    const overflowing = {
      async predictNoise(...feeds: Parameters<typeof unet.predictNoise>) {
        const noisePred = await unet.predictNoise(...feeds);
        noisePred.data[5] = Number.POSITIVE_INFINITY;
        return noisePred;
      },
    };
    await expect(denoise(overflowing, scheduler, lanes, control())).rejects.toMatchObject({
      code: 'NOT_FINITE',
      hint: expect.stringContaining('fp32'),
    });
  });
});
