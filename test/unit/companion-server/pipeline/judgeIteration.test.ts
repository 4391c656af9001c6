import type { Critic } from '@emoeditor/companion-server/pipeline/critic/critic.ts';
import { createFastRules } from '@emoeditor/companion-server/pipeline/ieiRules/fast.ts';
import { createPaperRules } from '@emoeditor/companion-server/pipeline/ieiRules/paper.ts';
import type { IeiRules } from '@emoeditor/companion-server/pipeline/ieiRules/rules.ts';
import type { JudgeContext } from '@emoeditor/companion-server/pipeline/judgeContext.ts';
import { judgeIteration } from '@emoeditor/companion-server/pipeline/judgeIteration.ts';
import { rowOf } from '@emoeditor/companion-server/tensor/ops.ts';
import { tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { describe, expect, it } from 'vitest';
import { AWE, TEST_FAST } from './editing.ts';
import { originOf } from './playRules.ts';

const plane = (value: number) => new Float32Array(3).fill(value);
const source = tensor(plane(0.2), [1, 3, 1, 1]);

/** P(target) is what `read` makes of the first value of a picture; SSIM falls with the change. */
const criticOf = (read: (value: number) => number): Critic => ({
  read: async () => [],
  async score(images) {
    return Array.from({ length: images.dims[0] ?? 0 }, (_, i) => {
      const value = rowOf(images, i).data[0] as number;
      return { distribution: [], pTarget: read(value), ssim: 1 - Math.abs(value - 0.2) / 2 };
    });
  },
});

function judge(rules: IeiRules, read: (value: number) => number, decoded: readonly number[]) {
  const context: JudgeContext = {
    critic: criticOf(read),
    // The layer takes half of what was decoded.
    deliver: ({ source: from, decodedEdit }) =>
      from.map((value, i) => value + 0.5 * ((decodedEdit[i] as number) - value)),
    content: true,
    rules,
    origin: originOf(),
    source,
    decodedSource: source,
    target: AWE,
  };
  const images = tensor(Float32Array.from(decoded.flatMap((value) => [...plane(value)])), [
    decoded.length,
    3,
    1,
    1,
  ]);
  return judgeIteration(context, images);
}

const fast = createFastRules({ ...TEST_FAST, strengths: [0.75, 0.5, 0.25] });

describe('judging in fast', () => {
  it('goes by the layer, not by what was decoded', async () => {
    // Decoded 1.0 would convince; its layer, 0.6, does not.
    const made = await judge(fast, (value) => (value > 0.7 ? 0.9 : 0.3), [1]);
    expect(made.verdict).toBe('confidenceTooLow');
    expect(made.delivered.data[0]).toBeLessThanOrEqual(0.6);
  });

  it('takes the least of an edit that convinces', async () => {
    const made = await judge(fast, (value) => (value > 0.35 ? 0.7 : 0.3), [1]);
    expect(made).toMatchObject({ verdict: 'accepted', strength: 0.5 });
    expect(made.delivered.data[0]).toBeCloseTo(0.4, 6);
    expect(made.report.pTarget).toBe(0.7);
  });

  it('of two that convince takes the one that has to change less', async () => {
    const made = await judge(fast, (value) => (value > 0.38 ? 0.7 : 0.3), [1, 0.58]);
    expect(made).toMatchObject({ best: 1, strength: 1, verdict: 'accepted' });
  });

  it('weakens one that has lost the structure until it is the same picture again', async () => {
    const lost = createFastRules(
      { ...TEST_FAST, strengths: [0.75, 0.5, 0.25] },
      { pTargetAbove: { ...THRESHOLDS }, minimumRise: 0.05, ssimAbove: 0.85 },
    );
    const made = await judge(lost, () => 0.7, [1]);
    expect(made).toMatchObject({ strength: 0.25, verdict: 'accepted' });
  });
});

const THRESHOLDS = {
  ...{ amusement: 0.6, anger: 0.6, awe: 0.6, contentment: 0.6 },
  ...{ disgust: 0.6, excitement: 0.6, fear: 0.6, sadness: 0.6 },
};

describe('judging as published', () => {
  it('goes by what was decoded, at full strength, and reads the layer beside it', async () => {
    const made = await judge(createPaperRules(), (value) => (value > 0.7 ? 0.9 : 0.3), [1]);
    expect(made).toMatchObject({ verdict: 'accepted', strength: 1 });
    expect(made.scores[0]?.pTarget).toBe(0.9);
    expect(made.report.pTarget).toBe(0.3);
  });
});
