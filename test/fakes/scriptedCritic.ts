import type { Critic, CriticReport } from '@emoeditor/companion-server/pipeline/critic/critic.ts';
import { targetProbability } from '@emoeditor/companion-server/pipeline/critic/targetProbability.ts';
import type { Tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { type EmotionTarget, type EmotionVector, targetDistribution } from '@emoeditor/shared';

/** What the critic shall say about one picture; the rest of the probability goes evenly to the others. */
export interface Opinion {
  readonly pTarget: number;
  readonly ssim: number;
  /** Overrides the distribution that follows from pTarget. */
  readonly distribution?: EmotionVector;
}

export interface ScriptedCritic extends Critic {
  /** Batches that were scored, in order. */
  readonly scored: Tensor[];
}

/**
 * A critic that reads its opinions off a list: one entry per pass, one opinion per candidate; the last entry, and
 * the last opinion of an entry, repeat.
 */
export function createScriptedCritic(
  script: ReadonlyArray<readonly Opinion[]>,
  reading: EmotionVector = Array(8).fill(1 / 8),
): ScriptedCritic {
  const scored: Tensor[] = [];
  return {
    scored,
    read: async (images) => Array.from({ length: images.dims[0] ?? 0 }, () => [...reading]),
    async score(images, _source, target) {
      const opinions = script[Math.min(scored.length, script.length - 1)] ?? [];
      scored.push(images);
      return Array.from({ length: images.dims[0] ?? 0 }, (_, i) => {
        const opinion = opinions[Math.min(i, opinions.length - 1)];
        if (opinion === undefined) throw new RangeError('Expected an opinion in the script.');
        return reportOf(opinion, target);
      });
    },
  };
}

export function reportOf(
  { pTarget, ssim, distribution }: Opinion,
  target: EmotionTarget,
): CriticReport {
  const own = distribution ?? spread(target, pTarget);
  return { ssim, distribution: own, pTarget: targetProbability(target, own) };
}

function spread(target: EmotionTarget, pTarget: number): EmotionVector {
  const wanted = targetDistribution(target).map((weight) => weight > 0);
  const others = wanted.filter((isWanted) => !isWanted).length;
  const own = wanted.length - others;
  return wanted.map((isWanted) => (isWanted ? pTarget / own : (1 - pTarget) / others));
}
