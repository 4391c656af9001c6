import type { EmotionTarget, Verdict } from '@emoeditor/shared';
import { rowOf, stack } from '../tensor/ops.ts';
import { type Tensor, tensor } from '../tensor/tensor.ts';
import type { Critic, CriticReport } from './critic/critic.ts';
import type { Deliver } from './deliver.ts';
import { type IeiRules, indexOfGreatest, type Origin } from './ieiRules/rules.ts';

/** Inputs of judging that are the same for all iterations of an edit. */
export interface JudgeContext {
  readonly critic: Critic;
  readonly deliver: Deliver;
  readonly content: boolean;
  readonly rules: IeiRules;
  readonly origin: Origin;
  /** The source, [1, 3, H, W] in [0, 1]. */
  readonly source: Tensor;
  /** The source through the decoder that made the candidates. */
  readonly decodedSource: Tensor;
  readonly target: EmotionTarget;
}

/** Result of judging the candidates of an iteration. */
export interface Judgement {
  /** Reports that the rules judge by, one per candidate. */
  readonly scores: readonly CriticReport[];
  readonly best: number;
  readonly verdict: Verdict;
  /** The best candidate as its layer will look, [1, 3, H, W] in [0, 1], and the critic's report on it. */
  readonly delivered: Tensor;
  readonly report: CriticReport;
  /** Strength of the edit in the layer, 0 to 1. */
  readonly strength: number;
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

function layerOf(
  { deliver, content, source, decodedSource }: JudgeContext,
  decoded: Tensor,
): Tensor {
  const [, , height = 0, width = 0] = source.dims;
  const edit = {
    extent: { width, height },
    source: source.data,
    decodedSource: decodedSource.data,
    decodedEdit: decoded.data,
  };
  return tensor(deliver(edit, { content }), source.dims);
}

/** source + strength · (layer − source), as the compositor applies intensity. */
export function atStrength(source: Tensor, layer: Tensor, strength: number): Tensor {
  const data = new Float32Array(source.data.length);
  for (let i = 0; i < data.length; i++) {
    const from = source.data[i] as number;
    data[i] = from + strength * ((layer.data[i] as number) - from);
  }
  return tensor(data, source.dims);
}
