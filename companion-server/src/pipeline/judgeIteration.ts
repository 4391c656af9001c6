import type { ScenePlan, Verdict } from '@emoeditor/shared';
import { rowOf, stack } from '../tensor/ops.ts';
import { type Tensor, tensor } from '../tensor/tensor.ts';
import { atStrength } from './atStrength.ts';
import type { CriticReport } from './critic/critic.ts';
import type { DecodedEdit } from './deliver.ts';
import { indexOfGreatest } from './ieiRules/rules.ts';
import type { JudgeContext } from './judgeContext.ts';
import { judgeScenes } from './judgeScene.ts';

/** Result of judging the candidates of an iteration. */
export interface Judgement {
  /** Reports that the rules judge by, one per candidate. */
  readonly scores: readonly CriticReport[];
  readonly best: number;
  readonly verdict: Verdict;
  /** The best candidate as its layer will look, [1, 3, H, W] in [0, 1], and the critic's report on it. */
  readonly delivered: Tensor;
  readonly report: CriticReport;
  /** Strength of the grade and content in the layer, 0 to 1. */
  readonly strength: number;
  /** What the layer adds to the scene; the light alone is changed when left out. */
  readonly scene?: ScenePlan;
}

/** @param images the candidates as they were decoded, [n, 3, H, W] in [0, 1] */
export async function judgeIteration(context: JudgeContext, images: Tensor): Promise<Judgement> {
  return context.rules.judges === 'delivered'
    ? judgeDelivered(context, images)
    : judgeDecoded(context, images);
}

/** As published: judges the decoded pictures, and also scores the layers, for the report. */
async function judgeDecoded(context: JudgeContext, images: Tensor): Promise<Judgement> {
  const { critic, rules, origin, source, target } = context;
  const layers = layersOf(context, images);
  const both = await critic.score(stack([images, ...layers]), source, target);
  const scores = both.slice(0, layers.length);
  const best = indexOfGreatest(scores.map((score) => rules.rank(score, origin)));
  return {
    scores,
    best,
    verdict: rules.judge(scores[best] as CriticReport, origin),
    delivered: layers[best] as Tensor,
    report: both[layers.length + best] as CriticReport,
    strength: 1,
  };
}

interface JudgedCandidate {
  readonly delivered: Tensor;
  readonly report: CriticReport;
  readonly strength: number;
}

async function judgeDelivered(context: JudgeContext, images: Tensor): Promise<Judgement> {
  const { critic, rules, origin, source, target } = context;
  const layers = layersOf(context, images);
  const full = await critic.score(stack(layers), source, target);
  const withScene = await judgeWithScene(context, images, layers, full);
  if (withScene !== null) return withScene;
  const candidates: JudgedCandidate[] = [];
  for (const [i, report] of full.entries()) {
    const whole = { delivered: layers[i] as Tensor, report, strength: 1 };
    candidates.push(await weakened(context, whole));
  }
  const scores = candidates.map(({ report }) => report);
  const best = indexOfGreatest(scores.map((score) => rules.rank(score, origin)));
  const chosen = candidates[best] as JudgedCandidate;
  return { scores, best, verdict: rules.judge(chosen.report, origin), ...chosen };
}

/** The best grade with the best of its scenes; null where no scene raises P(target). */
async function judgeWithScene(
  context: JudgeContext,
  images: Tensor,
  layers: readonly Tensor[],
  reports: readonly CriticReport[],
): Promise<Judgement | null> {
  const { rules, origin, scenes } = context;
  if (scenes === undefined) return null;
  const best = indexOfGreatest(reports.map((report) => rules.rank(report, origin)));
  const edit = editOf(context, rowOf(images, best));
  const chosen = await judgeScenes(context, scenes, { grade: layers[best] as Tensor, edit });
  if (chosen === null) return null;
  const scores = reports.map((report, i) => (i === best ? chosen.report : report));
  return { scores, best, verdict: rules.judge(chosen.report, origin), ...chosen };
}

/** The candidate at the smallest accepted strength; at that of the highest rank where none is accepted. */
async function weakened(context: JudgeContext, whole: JudgedCandidate): Promise<JudgedCandidate> {
  const { critic, rules, origin, source, target } = context;
  const { strengths } = rules;
  if (strengths.length === 0) return whole;
  const layers = strengths.map((strength) => atStrength(source, whole.delivered, strength));
  const reports = await critic.score(stack(layers), source, target);
  return reports.reduce<JudgedCandidate>((best, report, i) => {
    const rises = rules.rank(report, origin) > rules.rank(best.report, origin);
    if (!rises) return best;
    return { report, delivered: layers[i] as Tensor, strength: strengths[i] as number };
  }, whole);
}

const layersOf = (context: JudgeContext, images: Tensor): Tensor[] =>
  Array.from({ length: images.dims[0] ?? 0 }, (_, i) => layerOf(context, rowOf(images, i)));

function layerOf(context: JudgeContext, decoded: Tensor): Tensor {
  const { deliver, content, source } = context;
  return tensor(deliver(editOf(context, decoded), { content }), source.dims);
}

function editOf({ source, decodedSource }: JudgeContext, decoded: Tensor): DecodedEdit {
  const [, , height = 0, width = 0] = source.dims;
  return {
    extent: { width, height },
    source: source.data,
    decodedSource: decodedSource.data,
    decodedEdit: decoded.data,
  };
}
