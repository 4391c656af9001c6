import { createRepainter, type RepaintJob } from '@emoeditor/companion-server/pipeline/repaint.ts';
import { editRequestSchema } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';
import { createScriptedModels } from '../../../fakes/scriptedModels.ts';
import { AWE, photograph } from './editing.ts';

const request = editRequestSchema.parse({ target: AWE, seed: 7 });
const distribution = Array(8).fill(1 / 8);
const never = new AbortController().signal;
const [width, height] = [128, 96];
const source = photograph(width, height);
const start = { ...source, rgb: source.rgb.map((value) => 255 - value) };
const job: RepaintJob = {
  source,
  start,
  mask: new Uint8Array(width * height).fill(1),
  distribution,
};

const repaint = (
  more: Partial<RepaintJob> = {},
  signal = never,
  progress: (done: number, steps: number) => void = () => {},
) =>
  createRepainter(createScriptedModels()).repaint(request, { ...job, ...more }, progress, signal);

describe('repainting', () => {
  it('gives source, start and result through the same VAE, and the same for the same seed', async () => {
    const steps: string[] = [];
    const first = await repaint({}, never, (done, of) => steps.push(`${done}/${of}`));
    expect(first.decoded).toHaveLength(3 * width * height);
    expect(first.decodedSource).not.toEqual(first.decodedStart);
    expect(first.decoded).not.toEqual(first.decodedStart);
    expect((await repaint()).decoded).toEqual(first.decoded);
    expect(steps).toEqual(['1/5', '2/5', '3/5', '4/5', '5/5']);
  });

  it('stops within a step', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const done: number[] = [];
    const ended = repaint({}, controller.signal, (step) => {
      done.push(step);
      if (step === 2) controller.abort(reason);
    });
    await expect(ended).rejects.toBe(reason);
    expect(done).toEqual([1, 2]);
  });

  it('refuses pictures of different sizes', async () => {
    const other = photograph(64, 96);
    await expect(repaint({ start: other })).rejects.toMatchObject({ code: 'BAD_PICTURE' });
    await expect(repaint({ mask: new Uint8Array(3) })).rejects.toMatchObject({
      code: 'BAD_PICTURE',
    });
  });
});
