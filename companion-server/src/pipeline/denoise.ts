import { setImmediate } from 'node:timers/promises';
import { FRESH, type Scheduler, type SolverState, timestepAt } from '../schedulers/scheduler.ts';
import { type NoiseStream, stepNoise } from '../tensor/noise.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Conditioning, Guidance } from './guidance/guidance.ts';
import { noGuidance } from './guidance/noGuidance.ts';
import type { UNet } from './modelPorts.ts';
import { PipelineError } from './pipelineError.ts';
import { createUNetBatch, type Guided, type UNetBatch } from './unetBatch.ts';

/** One sample being denoised. */
export interface Lane {
  /** Latents noised for `startStep`, [1, c, h, w]. */
  readonly latents: Tensor;
  /** Step at which the lane joins the batch; a later one keeps more of the start and costs less. */
  readonly startStep: number;
  readonly conditioning: Conditioning;
  readonly guidance: Guidance;
  /** First step that takes the conditional prediction as it is; none does when left out. */
  readonly unguidedFrom?: number;
  /** Where an ancestral sampler takes its fresh noise from. */
  readonly noise?: NoiseStream;
}

export interface DenoiseControl {
  readonly signal: AbortSignal;
  /** Called before each step; true abandons the iteration. */
  isOutOfTime(): boolean;
  /** After each step: how many are done and what the step cost. */
  onStep(done: number, unetEvaluations: number): void;
}

/**
 * Runs all lanes through one schedule, each step as one UNet batch of every lane that has joined. A lane's result
 * does not depend on the other lanes.
 * @returns clean latents per lane, or null when time ran out
 * @throws PipelineError NOT_FINITE when the model overflowed; the signal's reason before the next step once aborted
 */
export async function denoise(
  unet: UNet,
  scheduler: Scheduler,
  lanes: readonly Lane[],
  control: DenoiseControl,
): Promise<Tensor[] | null> {
  const samples = lanes.map(({ latents }) => latents);
  const states: SolverState[] = lanes.map(() => FRESH);
  const first = Math.min(...lanes.map(({ startStep }) => startStep));
  let batch: UNetBatch | null = null;
  for (let step = first; step < scheduler.timesteps.length; step++) {
    // A model may block the thread; let pending events in, above all a cancellation.
    await setImmediate();
    control.signal.throwIfAborted();
    if (control.isOutOfTime()) return null;
    const joined = [...lanes.entries()].filter(([, { startStep }]) => startStep <= step);
    const guided = joined.map(([, lane]) => guidedAt(lane, step));
    if (!batch?.isOf(guided)) batch = createUNetBatch(guided);
    const noisePreds = await batch.predict(
      unet,
      timestepAt(scheduler, step),
      joined.map(([index]) => samples[index] as Tensor),
    );
    for (const [k, [index]] of joined.entries()) {
      const { data, dims } = samples[index] as Tensor;
      const state = states[index] as SolverState;
      const fresh = freshNoise(scheduler, lanes[index] as Lane, step);
      const result = scheduler.step(noisePreds[k] as Float32Array, step, data, state, fresh);
      samples[index] = { data: result.prevSample, dims };
      states[index] = result.state;
    }
    control.onStep(step - first + 1, batch.rows);
  }
  control.signal.throwIfAborted();
  samples.forEach(checkFinite);
  return samples;
}

function freshNoise(
  { isAncestral }: Scheduler,
  { latents, noise }: Lane,
  step: number,
): Float32Array | undefined {
  return isAncestral && noise !== undefined ? stepNoise(latents.dims, noise, step).data : undefined;
}

/** float16 can overflow to infinity, and one such value turns the whole picture black. */
function checkFinite({ data }: Tensor): void {
  let sum = 0;
  // 0 · ∞ and 0 · NaN are NaN. Checking each value with isFinite takes six times as long.
  for (let i = 0; i < data.length; i++) sum += 0 * (data[i] as number);
  if (sum === 0) return;
  throw new PipelineError(
    'NOT_FINITE',
    'Expected numbers from the model but it returned values that are not finite.',
    'Run the model in full precision (fp32) or on another execution provider.',
  );
}

function guidedAt({ conditioning, guidance, unguidedFrom }: Lane, step: number): Guided {
  const isGuided = unguidedFrom === undefined || step < unguidedFrom;
  return { conditioning, guidance: isGuided ? guidance : noGuidance };
}
