import { createEmotionCritic } from '@emoeditor/companion-server/pipeline/critic/emotionCritic.ts';
import type { Tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { describe, expect, it } from 'vitest';
import { createScriptedModels, withTinyDecoder } from '../../../fakes/scriptedModels.ts';
import { ACCEPTABLE, LOST, photograph, startEdit, UNCHANGED, UNSURE } from './editing.ts';

const mode = (name: 'fast' | 'paper' | 'official') => ({ request: { mode: name, steps: 4 } });

describe('edit pipeline', () => {
  it('returns an edit that was accepted the first time', async () => {
    const { outcome, recorded } = startEdit();
    const result = await outcome;
    expect(result.iterations).toHaveLength(1);
    expect(result.chosen).toBe(0);
    expect(recorded.reports).toEqual([
      expect.objectContaining({ index: 0, verdict: 'accepted', pTarget: 0.8, ssim: 0.65 }),
    ]);
    expect(recorded.previews[0]).toMatchObject({ width: 64, height: 64 });
    expect(result.sourceDistribution).toEqual(Array(8).fill(1 / 8));
  });

  it('shows a region of the edit over the source, at whatever size the proxy comes; the edit itself stays whole', async () => {
    const side = 128;
    const picture = {
      ...photograph(side, side),
      region: Uint8Array.from({ length: side * side }, (_, i) => (i < (side * side) / 2 ? 255 : 0)),
    };
    const { outcome, recorded } = startEdit({ picture });
    const { source, iterations } = await outcome;
    const preview = recorded.previews[0]!;
    const { decoded } = iterations[0]!;
    const count = 64 * 64;
    for (const i of [10, count / 2 - 1]) {
      expect(preview.rgb[i * 3]).toBe(Math.round(decoded[i]! * 255));
    }
    for (const i of [count / 2, count - 1]) {
      expect(preview.rgb[i * 3]).toBe(Math.round(source[i]! * 255));
      expect(decoded[i]).not.toBe(source[i]);
    }
  });

  it('goes on until iteration k is accepted, and keeps every iteration for choosing', async () => {
    const { outcome, recorded } = startEdit({ script: [[UNSURE], [UNCHANGED], [ACCEPTABLE]] });
    const result = await outcome;
    expect(recorded.reports.map(({ verdict }) => verdict)).toEqual([
      'confidenceTooLow',
      'confidenceTooLow',
      'accepted',
    ]);
    expect(result.chosen).toBe(2);
    for (const { latents, decoded } of result.iterations) {
      expect(latents).toHaveLength(4 * 8 * 8);
      expect(decoded).toHaveLength(3 * 64 * 64);
      expect(decoded.every((value) => value >= 0 && value <= 1)).toBe(true);
    }
    const pictures = result.iterations.map(({ decoded }) => [...decoded].join());
    expect(new Set(pictures).size).toBe(3);
  });

  it.each(['fast', 'paper'] as const)(
    '%s: nothing accepted, the most confident wins',
    async (name) => {
      const script = [0.1, 0.4, 0.2, 0.3, 0.35].map((pTarget) => [{ pTarget, ssim: 0.6 }]);
      const { outcome } = startEdit({
        request: { mode: name, steps: 4, maxIterations: 5 },
        script,
      });
      const result = await outcome;
      expect(result.iterations).toHaveLength(5);
      expect(result.chosen).toBe(1);
    },
  );

  it.each([
    [LOST, 'ssimTooLow'],
    [UNCHANGED, 'ssimTooHigh'],
    [UNSURE, 'confidenceTooLow'],
  ] as const)('says why %o is not accepted: %s', async (opinion, verdict) => {
    const { outcome, recorded } = startEdit({
      ...mode('paper'),
      script: [[opinion], [ACCEPTABLE]],
    });
    await outcome;
    expect(recorded.reports.map((report) => report.verdict)).toEqual([verdict, 'accepted']);
  });

  it('conditions every step on the original source, whatever the start', async () => {
    const scripted = createScriptedModels();
    const { outcome } = startEdit({ ...mode('paper'), scripted, script: [[UNSURE], [ACCEPTABLE]] });
    await outcome;
    const conditions = scripted.unetCalls.map(({ sample }) =>
      sample.data.slice(4 * 64, 8 * 64).join(),
    );
    expect(scripted.unetCalls).toHaveLength(8);
    expect(new Set(conditions).size).toBe(1);
  });

  it('judges and shows the tiny decoder’s pictures, and defers the VAE until an iteration is applied', async () => {
    const script = [[UNSURE], [UNCHANGED], [ACCEPTABLE]];
    const plain = await startEdit({ script }).outcome;
    const scripted = withTinyDecoder(createScriptedModels());
    let decodings = 0;
    const { vae } = scripted.models;
    const counted = {
      ...vae,
      decode(latents: Tensor) {
        decodings += 1;
        return vae.decode(latents);
      },
    };
    const { editor, outcome, recorded } = startEdit({
      script,
      scripted: { ...scripted, models: { ...scripted.models, vae: counted } },
    });
    const { iterations, extent, decodedSource } = await outcome;
    expect(decodings).toBe(1);
    expect(decodedSource).toEqual(plain.decodedSource);
    const { decoded, decodedEdit } = iterations[2]!;
    expect(recorded.previews[2]!.rgb[0]).toBe(Math.round(decoded[0]! * 255));
    expect(decoded).not.toEqual(plain.iterations[2]!.decoded);
    if (decodedEdit instanceof Float32Array) throw new Error('Expected it not to be decoded yet.');
    expect(await editor.decode(decodedEdit, extent)).toEqual(plain.iterations[2]!.decodedEdit);
  });

  it('counts what the UNet really evaluated, guidance and late joiners included', async () => {
    const scripted = createScriptedModels();
    const { outcome } = startEdit({ scripted });
    const result = await outcome;
    // Grid of 4 steps from T = 1000; level 1 joins at once with guidance 2, level ½ (T = 750) one step later with 1.5.
    expect(scripted.unetCalls.map(({ rows }) => rows)).toEqual([2, 4, 4, 4]);
    expect(result.unetEvaluations).toBe(14);
    expect(result.iterations[0]!.report.unetEvaluations).toBe(14);
  });

  it('edits towards a blend', async () => {
    const scripted = createScriptedModels();
    const weights = [0, 0, 3, 1, 0, 0, 0, 0];
    const { outcome } = startEdit({ request: { target: { kind: 'blend', weights } }, scripted });
    await outcome;
    const wanted = [0, 0, 0.75, 0.25, 0, 0, 0, 0].map((weight) => weight - 1 / 8);
    expect(scripted.directions[0]).toEqual(wanted);
  });

  it('works at a working size of the picture’s own shape and says which', async () => {
    const { outcome } = startEdit({ picture: photograph(150, 50) });
    const result = await outcome;
    expect(result.extent).toEqual({ width: 96, height: 32 });
    expect(result.source).toHaveLength(3 * 96 * 32);
    expect(result.decodedSource).toHaveLength(3 * 96 * 32);
  });

  it('runs with the real critic', async () => {
    const reading = [0.02, 0.02, 0.86, 0.02, 0.02, 0.02, 0.02, 0.02];
    const scripted = createScriptedModels(reading);
    const critic = createEmotionCritic(scripted.models.predictor);
    const result = await startEdit({ scripted, critic, request: { maxIterations: 1 } }).outcome;
    expect(result.iterations[0]!.report.pTarget).toBe(0.86);
    expect(Math.abs(result.iterations[0]!.report.ssim)).toBeLessThanOrEqual(1);
  });

  it('refuses bytes that are not the picture they claim to be', async () => {
    const picture = { width: 64, height: 64, rgb: new Uint8Array(10) };
    await expect(startEdit({ picture }).outcome).rejects.toMatchObject({
      code: 'BAD_PICTURE',
      message: expect.stringContaining('12288 bytes but received 10'),
    });
  });
});

describe('reproducibility', () => {
  const script = [[UNSURE], [UNCHANGED], [ACCEPTABLE]];
  const latentsOf = async (options: Parameters<typeof startEdit>[0]) => {
    const { iterations } = await startEdit({ script, ...options }).outcome;
    return iterations.map(({ latents }) => [...latents]);
  };

  it.each(['fast', 'paper', 'official'] as const)('%s: same seed, same bits', async (name) => {
    const request = { mode: name, steps: 4, seed: 5 };
    expect(await latentsOf({ request })).toEqual(await latentsOf({ request }));
  });

  it('another seed, other noise', async () => {
    const samplesOf = async (seed: number) => {
      const scripted = createScriptedModels();
      await startEdit({ scripted, request: { seed } }).outcome;
      return scripted.unetCalls[0]!.sample.data.join();
    };
    expect(await samplesOf(1)).not.toBe(await samplesOf(2));
  });
});
