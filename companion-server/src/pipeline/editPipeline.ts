import { targetDistribution } from '@emoeditor/shared';
import type { Critic } from '../critic/critic.ts';
import { createEmotionCritic } from '../critic/emotionCritic.ts';
import type { EmotionPredictor, ModelSet } from '../models/modelPorts.ts';
import { decode } from './decode.ts';
import type { Editor, IterationResult } from './edit.ts';
import { encode } from './encode.ts';
import type { FastSettings } from './ieiRules/fastSettings.ts';
import { bestOf, type Origin } from './ieiRules/rules.ts';
import { ieiFor } from './ieiSettings.ts';
import { iterate } from './iterate.ts';
import { type FinishedPass, makePass, type PassContext } from './makePass.ts';
import { imageOf, pictureOf, toWorkingSize } from './preprocess.ts';
import { createProgressMeter } from './progressMeter.ts';
import type { ResizePicture } from './resizePicture.ts';
import { createStopwatch } from './stopwatch.ts';
import { timedModels } from './timedModels.ts';

export interface EditPipelineParts {
  readonly models: Omit<ModelSet, 'release' | 'provider'>;
  readonly resize: ResizePicture;
  /** Settings of the `fast` rules that the bundle recommends. */
  readonly fast?: FastSettings;
  /** Milliseconds from any start; the wall clock unless a test brings its own. */
  readonly now?: () => number;
  readonly createCritic?: (predictor: EmotionPredictor) => Critic;
}

/** The whole inference job over one set of models. */
export function createEditPipeline(parts: EditPipelineParts): Editor {
  const { now = () => performance.now(), createCritic = createEmotionCritic } = parts;
  const { info } = parts.models;
  return {
    async edit(request, proxy, events, signal) {
      const watch = createStopwatch(now);
      const models = timedModels(parts.models, watch);
      const critic = createCritic(models.predictor);
      const { rules, limits } = ieiFor(request, parts.fast);
      const meter = createProgressMeter(limits, now, (progress) => events.progress(progress));
      const started = now();
      // 1. Working size
      signal.throwIfAborted();
      meter.stage('encode');
      const picture = await watch.time('preprocess', () =>
        toWorkingSize(proxy, info, parts.resize),
      );
      const source = imageOf(picture);
      // 2. Latents of the source, and what the VAE alone makes of it
      const latents = await watch.time('encode', () => encode(models.vae, source));
      signal.throwIfAborted();
      const decodedSource = await watch.time('decode', () => decode(models.vae, latents));
      signal.throwIfAborted();
      const sources = {
        extent: { width: picture.width, height: picture.height },
        source: source.data,
        decodedSource: decodedSource.data,
      };
      // 3. What the source evokes
      meter.stage('predict');
      const [distribution] = await watch.time('predict', () => critic.read(source));
      if (distribution === undefined) {
        throw new RangeError(
          'Expected one distribution for the source but the predictor gave none.',
        );
      }
      signal.throwIfAborted();
      // 4. Iterative Emotion Inference
      const { target, seed } = request;
      const origin: Origin = { seed, latents, distribution, target: targetDistribution(target) };
      const context: PassContext = { models, critic, rules, origin, source, target, meter, watch };
      const iterations: IterationResult[] = [];
      const { chosen, unetEvaluations } = await iterate<FinishedPass>({
        rules,
        limits,
        origin,
        meter,
        now,
        signal,
        run: (plan, iteration, control) => makePass(context, plan, iteration, control),
        onPass(pass, index, spent) {
          const made = resultOf(pass, index, spent);
          iterations.push(made);
          const preview = pictureOf(pass.decoded);
          events.iteration(made.report, preview, { ...sources, decodedEdit: made.decoded });
        },
      });
      // 5. Outcome
      return {
        ...sources,
        sourceDistribution: distribution,
        iterations,
        chosen,
        unetEvaluations,
        timings: { ...watch.timings, total: now() - started },
      };
    },
  };
}

function resultOf(pass: FinishedPass, index: number, unetEvaluations: number): IterationResult {
  const { distribution, pTarget, ssim } = bestOf(pass);
  const report = { index, distribution, pTarget, ssim, verdict: pass.verdict, unetEvaluations };
  return { report, latents: pass.latents.data, decoded: pass.decoded.data };
}
