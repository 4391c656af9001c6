import {
  type EmotionVector,
  type IterationReport,
  type ScenePlan,
  type ToldScene,
  targetDistribution,
} from '@emoeditor/shared';
import { type Tensor, tensor } from '../tensor/tensor.ts';
import { type Ablation, createConditioner } from './ablation.ts';
import type { Critic } from './critic/critic.ts';
import { createEmotionCritic } from './critic/emotionCritic.ts';
import { withinRegion } from './critic/withinRegion.ts';
import { decode } from './decode.ts';
import type { Deliver } from './deliver.ts';
import type { EditOutcome, Editor, IterationPictures, IterationResult } from './edit.ts';
import { encode } from './encode.ts';
import type { FastAcceptance } from './ieiRules/fastAcceptance.ts';
import type { FastSettings } from './ieiRules/fastSettings.ts';
import { bestOf } from './ieiRules/rules.ts';
import { ieiFor } from './ieiSettings.ts';
import { type IterateOptions, iterate } from './iterate.ts';
import type { JudgeContext } from './judgeContext.ts';
import { type EmotionPredictor, type ModelSet, workingAreaOf } from './modelPorts.ts';
import { outcomeOf } from './outcome.ts';
import { imageOf, pictureOf, regionOf, toWorkingSize } from './preprocess.ts';
import { createProgressMeter } from './progressMeter.ts';
import type { ResizePicture } from './resizePicture.ts';
import { type JudgedIteration, runIteration } from './runIteration.ts';
import type { SceneSearch, SceneStylist } from './sceneStylist.ts';
import { createStopwatch, type Stopwatch } from './stopwatch.ts';
import { timedModels } from './timedModels.ts';

export interface EditPipelineParts {
  readonly models: Omit<ModelSet, 'release' | 'provider'>;
  readonly resize: ResizePicture;
  readonly deliver: Deliver;
  /** Settings of the `fast` rules that the bundle recommends. */
  readonly fast?: FastSettings;
  readonly acceptance?: FastAcceptance;
  readonly ablation?: Ablation;
  /** There in bundles that tell what a scene shows and what may be added to it. */
  readonly stylist?: SceneStylist;
  /** Milliseconds from any start; the wall clock unless a test brings its own. */
  readonly now?: () => number;
  readonly createCritic?: (predictor: EmotionPredictor, region: Float32Array | null) => Critic;
}

/** Picture pixels per latent, each way. */
const LATENT_STRIDE = 8;

/** The whole inference job over one set of models. */
export function createEditPipeline(parts: EditPipelineParts): Editor {
  const { models } = parts;
  return {
    edit: (...job) => edit(parts, ...job),
    async decode({ latents }, { width, height }) {
      const sides = [height / LATENT_STRIDE, width / LATENT_STRIDE];
      const dims = [1, models.info.latentChannels, ...sides];
      return (await decode(models.vae, tensor(latents, dims))).data;
    },
  };
}

async function edit(
  parts: EditPipelineParts,
  ...[request, proxy, events, signal]: Parameters<Editor['edit']>
): Promise<EditOutcome> {
  const { now = () => performance.now(), createCritic = createEmotionCritic } = parts;
  const { info } = parts.models;
  const watch = createStopwatch(now);
  const models = timedModels(parts.models, watch);
  const conditioner = createConditioner({ ...models, info }, request, parts.ablation);
  const { rules, limits } = ieiFor(request, { ...parts, ...conditioner });
  const meter = createProgressMeter(limits, now, (progress) => events.progress(progress));
  const started = now();
  // 1. Working size
  signal.throwIfAborted();
  meter.stage('encode');
  const size = { ...info, workingArea: workingAreaOf(info, request.mode) };
  const picture = await watch.time('preprocess', () => toWorkingSize(proxy, size, parts.resize));
  const source = imageOf(picture);
  const region = regionOf(picture);
  const critic = createCritic(models.predictor, region);
  // 2. Latents of the source, and what the VAE alone makes of it
  const { latents, decoded, judged } = await throughVae(models, source, watch, signal);
  const extent = { width: picture.width, height: picture.height };
  const sources = { extent, source: source.data, decodedSource: decoded.data, region };
  // 3. What the source evokes
  meter.stage('predict');
  const distribution = await watch.time('predict', () => readOne(critic, source));
  signal.throwIfAborted();
  // 4. What may be added to the scene
  const { search, scenes, stage } = await watch.time('scene', () =>
    openScene(parts, request, proxy, source, models.emotionEncoder, signal),
  );
  // 5. Iterative Emotion Inference
  const { target, seed } = request;
  const origin = { seed, latents, distribution, target: targetDistribution(target) };
  const judging = { critic, deliver: parts.deliver, decodedSource: judged, content: info.content };
  const about = { rules, origin, source, target, ...scenes };
  const context = { models, conditioner, ...judging, ...about, meter, watch };
  const iterations: IterationResult[] = [];
  const loop: IterateOptions<JudgedIteration> = {
    ...{ rules, limits, price: conditioner.guidance.evaluations, origin, meter, now, signal },
    run: (plan, iteration, control) => runIteration(context, plan, iteration, control),
    onIteration(iteration, index, spent) {
      const made = resultOf(iteration, index, spent, parts.models, search);
      iterations.push(made);
      const { report, decodedEdit, delivery } = made;
      const pictures = { ...sources, ...stage, decodedEdit, delivery };
      events.iteration(report, shownOf(iteration, source, region), pictures);
    },
  };
  const { chosen, unetEvaluations } = await watch.time('iterate', () => iterate(loop));
  // 6. Outcome
  const reports = iterations.map(({ report }) => report);
  return {
    ...sources,
    ...stage,
    sourceDistribution: distribution,
    iterations,
    chosen,
    outcome: outcomeOf(request, rules, origin, reports, chosen),
    unetEvaluations,
    timings: { ...watch.timings, total: now() - started },
  };
}

/** The source's latents, what the VAE makes of them, and what the decoder does that edits are judged by. */
async function throughVae(
  { vae, tinyDecoder }: Pick<ModelSet, 'vae' | 'tinyDecoder'>,
  source: Tensor,
  watch: Stopwatch,
  signal: AbortSignal,
) {
  const latents = await watch.time('encode', () => encode(vae, source));
  signal.throwIfAborted();
  const decoded = await watch.time('decode', () => decode(vae, latents));
  signal.throwIfAborted();
  const judged =
    tinyDecoder === undefined
      ? decoded
      : await watch.time('decode', () => decode(tinyDecoder, latents));
  return { latents, decoded, judged };
}

async function openScene(
  { stylist }: Pick<EditPipelineParts, 'stylist'>,
  ...take: Parameters<SceneStylist['open']>
): Promise<OpenedScene> {
  const search = stylist === undefined ? null : await stylist.open(...take);
  if (search === null) return { search, scenes: {}, stage: {} };
  return { search, scenes: { scenes: { search, tried: [] } }, stage: { stage: search.stage } };
}

interface OpenedScene {
  readonly search: SceneSearch | null;
  /** Ready to be spread into what judges and what is told. */
  readonly scenes: Pick<JudgeContext, 'scenes'>;
  readonly stage: Pick<IterationPictures, 'stage'>;
}

async function readOne(critic: Critic, image: Tensor): Promise<EmotionVector> {
  const [distribution] = await critic.read(image);
  if (distribution !== undefined) return distribution;
  throw new RangeError('Expected one distribution for the source but the predictor gave none.');
}

/** The layer over the source, where it shows. */
function shownOf({ delivered }: JudgedIteration, source: Tensor, region: Float32Array | null) {
  return pictureOf(region === null ? delivered : withinRegion(delivered, source, region));
}

const told = (plan: ScenePlan, search: SceneSearch | null): ToldScene => ({
  plan,
  sentence: search?.sentenceOf(plan) ?? null,
});

function resultOf(
  iteration: JudgedIteration,
  index: number,
  unetEvaluations: number,
  { info, tinyDecoder }: Pick<ModelSet, 'info' | 'tinyDecoder'>,
  search: SceneSearch | null,
): IterationResult {
  const { verdict, strength, scene } = iteration;
  const { pTarget, ssim } = bestOf(iteration);
  const isOther = bestOf(iteration) !== iteration.report;
  const report: IterationReport = {
    ...{ index, ...iteration.report, verdict, strength, unetEvaluations },
    ...(isOther ? { judged: { pTarget, ssim } } : {}),
    ...(scene === undefined ? {} : { scene: told(scene, search) }),
  };
  const decoded = iteration.decoded.data;
  const latents = iteration.latents.data;
  const decodedEdit = tinyDecoder === undefined ? decoded : { latents };
  const delivery = { strength, content: info.content, ...(scene === undefined ? {} : { scene }) };
  return { report, latents, delivered: iteration.delivered.data, delivery, decoded, decodedEdit };
}
