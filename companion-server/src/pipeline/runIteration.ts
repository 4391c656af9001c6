import { rowOf, stack } from '../tensor/ops.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { CandidateTokens, Conditioner } from './conditioner.ts';
import { decode } from './decode.ts';
import { type DenoiseControl, denoise, type Lane } from './denoise.ts';
import type { Iteration, IterationPlan } from './ieiRules/rules.ts';
import type { JudgeContext } from './judgeContext.ts';
import { type Judgement, judgeIteration } from './judgeIteration.ts';
import { withoutOpposites } from './keptColours.ts';
import type { ModelSet } from './modelPorts.ts';
import { prepareLatents } from './prepareLatents.ts';
import type { ProgressMeter } from './progressMeter.ts';
import type { Stopwatch } from './stopwatch.ts';

/** All that stays the same from iteration to iteration of one edit. */
export interface IterationContext extends JudgeContext {
  readonly models: Pick<ModelSet, 'vae' | 'tinyDecoder' | 'unet'>;
  readonly conditioner: Conditioner;
  readonly meter: ProgressMeter;
  readonly watch: Stopwatch;
}

/** An iteration with the picture of its best candidate. */
export interface JudgedIteration extends Iteration, Judgement {
  /** As it was decoded, [1, 3, H, W] in [0, 1]. */
  readonly decoded: Tensor;
}

/**
 * One iteration: conditioning, noised starts, denoising, decoding, judging; all candidates as one batch.
 * @returns null when time ran out in the middle
 * @throws the signal's reason within one step once aborted
 */
export async function runIteration(
  context: IterationContext,
  plan: IterationPlan,
  iteration: number,
  control: DenoiseControl,
): Promise<JudgedIteration | null> {
  const { models, meter, rules, watch } = context;
  // 1. Conditioning and noised starts
  const lanes = await prepareLanes(context, plan, iteration);
  // 2. Denoise
  const clean = await watch.time('denoise', () =>
    denoise(models.unet, plan.scheduler, lanes, control),
  );
  if (clean === null) return null;
  // 3. Decode, quickly where that is enough to judge
  meter.stage('decode');
  const decoder = models.tinyDecoder ?? models.vae;
  const decoded = await watch.time('decode', () => decode(decoder, stack(clean)));
  const images =
    rules.judges === 'delivered'
      ? withoutOpposites(decoded, context.decodedSource, context.scenes?.search.structure)
      : decoded;
  control.signal.throwIfAborted();
  // 4. Judge
  meter.stage('score');
  const judgement = await watch.time('score', () => judgeIteration(context, images));
  control.signal.throwIfAborted();
  const { best } = judgement;
  return {
    plan,
    ...judgement,
    latents: clean[best] as Tensor,
    decoded: copyOfRow(images, best),
  };
}

async function prepareLanes(
  { conditioner, origin, watch }: IterationContext,
  { scheduler, candidates }: IterationPlan,
  iteration: number,
): Promise<Lane[]> {
  const tokens = await watch.time('encode', () => conditioner.encode(candidates, iteration));
  return candidates.map(({ start, startStep, guidanceScale, unguidedSteps = 0 }, candidate) => {
    const noise = { seed: origin.seed, iteration, candidate };
    return {
      latents: prepareLatents(scheduler, start, startStep, noise),
      startStep,
      conditioning: { ...(tokens[candidate] as CandidateTokens), imageLatents: origin.latents },
      guidance: conditioner.guidance.at(guidanceScale),
      unguidedFrom: scheduler.timesteps.length - unguidedSteps,
      noise,
    };
  });
}

/** A copy where there are others, so that their pictures can be freed. */
function copyOfRow(images: Tensor, index: number): Tensor {
  const { data, dims } = rowOf(images, index);
  if (data.length === images.data.length) return images;
  return { data: data.slice(), dims };
}
