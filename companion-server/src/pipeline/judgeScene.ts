import type { ScenePlan } from '@emoeditor/shared';
import { stack } from '../tensor/ops.ts';
import { type Tensor, tensor } from '../tensor/tensor.ts';
import { atStrength } from './atStrength.ts';
import type { CriticReport } from './critic/critic.ts';
import { probabilityOf } from './critic/targetProbability.ts';
import type { DecodedEdit } from './deliver.ts';
import { emotionDirection } from './emotionDirection.ts';
import { indexOfGreatest } from './ieiRules/rules.ts';
import type { JudgeContext, SceneTrials } from './judgeContext.ts';
import type { SceneSearch } from './sceneStylist.ts';

/** A grade at a strength with a plan carried out on it. */
export interface SceneCandidate {
  readonly scene: ScenePlan;
  readonly strength: number;
  /** As the layer will look, [1, 3, H, W] in [0, 1]. */
  readonly delivered: Tensor;
  readonly report: CriticReport;
}

/** An edit and its light. */
export interface GradedEdit {
  /** The light alone at full strength, [1, 3, H, W] in [0, 1]. */
  readonly grade: Tensor;
  readonly edit: DecodedEdit;
}

/** Plans of one iteration. */
const PLANS = 3;
/** Strength of the grade under each of them, and that at which the best is drawn again where it does not convince. */
const FIRST_STRENGTH = 0.7;
const STRONGER = 1;
/** Strength of the elements of one that has lost too much of the structure. */
const GENTLER = 0.6;
/** Smallest probability of which a logarithm is taken. */
const LEAST = 1e-3;
/** Penalty per unit of lost SSIM, in shares of what is asked for. */
const CHANGED = 0.6;
/** Share of the photograph's own P(target) that a scene must keep; below, it leads away from the target. */
const KEPT = 0.9;
/** Above every score of one that does not convince. */
const CONVINCED = 10;

/**
 * Instructions × strengths on a grade: the plans that the search proposes are carried out and judged as delivered. Where
 * the best does not convince it is judged again on a stronger grade, or gentler where it lost the structure.
 * @returns what the best is read as in the file that is delivered; null where there is no plan, or each leads away from the target; never for what the user has chosen
 */
export async function judgeScenes(
  context: JudgeContext,
  { search, tried }: SceneTrials,
  { grade, edit }: GradedEdit,
): Promise<SceneCandidate | null> {
  const { origin, rules } = context;
  const before = probabilityOf(origin.target, origin.distribution);
  const direction = emotionDirection(origin.target, origin.distribution);
  const leader = search.isChosen ? null : bestTried(tried);
  const fresh = await search.propose(direction, leader === null ? PLANS : PLANS - 1, tried);
  const plans = [...fresh, ...variations(search, leader, PLANS - fresh.length, tried.length)];
  if (plans.length === 0) return null;
  const firsts = await judged(
    context,
    search,
    grade,
    plans.map((scene) => ({ scene, strength: FIRST_STRENGTH })),
  );
  for (const { scene, report } of firsts) {
    tried.push({ plan: scene, rise: riseOf(report.pTarget, before) });
  }
  const best = bestOf(context, firsts);
  const verdict = rules.judge(best.report, origin);
  if (verdict === 'accepted') return asDelivered(context, search, edit, best);
  const other =
    verdict === 'ssimTooLow'
      ? { scene: gentler(best.scene), strength: FIRST_STRENGTH }
      : { scene: best.scene, strength: STRONGER };
  const better = bestOf(context, [best, ...(await judged(context, search, grade, [other]))]);
  const found = await asDelivered(context, search, edit, better);
  return search.isChosen || found.report.pTarget >= KEPT * before ? found : null;
}

/** Elements have details that are finer than the working size: what convinced there need not in the file. */
async function asDelivered(
  { critic, source, target, content }: JudgeContext,
  search: SceneSearch,
  edit: DecodedEdit,
  { scene, strength }: SceneCandidate,
): Promise<SceneCandidate> {
  const drawn = await search.drawDelivered(scene, edit, { strength, content });
  const delivered = tensor(drawn, source.dims);
  const [report] = await critic.score(delivered, source, target, search.structure);
  return { scene, strength, delivered, report: report as CriticReport };
}

/** The plan that helped most so far; null where all lead away. */
function bestTried(tried: SceneTrials['tried']): ScenePlan | null {
  const best = tried[indexOfGreatest(tried.map(({ rise }) => rise))];
  return best !== undefined && best.rise >= Math.log(KEPT) ? best.plan : null;
}

/** The same instruction stronger, weaker and elsewhere; the second of them as it was, on the light of this iteration. */
function variations(
  search: SceneSearch,
  best: ScenePlan | null,
  count: number,
  from: number,
): ScenePlan[] {
  if (best === null) return [];
  return Array.from({ length: count }, (_, i) =>
    i === 1 ? best : search.vary(best, from + i + 1),
  );
}

const riseOf = (after: number, before: number) =>
  Math.log(Math.max(LEAST, after) / Math.max(LEAST, before));

async function judged(
  { critic, source, target }: JudgeContext,
  search: SceneSearch,
  grade: Tensor,
  wanted: readonly Pick<SceneCandidate, 'scene' | 'strength'>[],
): Promise<SceneCandidate[]> {
  const layers = wanted.map(({ scene, strength }) => {
    const under = atStrength(source, grade, strength);
    return tensor(search.draw(scene, under.data), source.dims);
  });
  const reports = await critic.score(stack(layers), source, target, search.structure);
  return wanted.map((one, i) => ({
    ...one,
    delivered: layers[i] as Tensor,
    report: reports[i] as CriticReport,
  }));
}

function bestOf(context: JudgeContext, candidates: readonly SceneCandidate[]): SceneCandidate {
  const best =
    candidates[indexOfGreatest(candidates.map(({ report }) => scoreOf(context, report)))];
  if (best === undefined) throw new RangeError('Expected a candidate but there is none.');
  return best;
}

/**
 * Convincing ones first, damaged ones last. Unlike a grade, a scene is not better for being hardly seen, so among equals
 * the surer one wins, less what the structure lost.
 */
function scoreOf({ rules, origin }: JudgeContext, report: CriticReport): number {
  const { pTarget, ssim } = report;
  const verdict = rules.judge(report, origin);
  if (verdict === 'ssimTooLow') return ssim - CONVINCED;
  const reached = pTarget / rules.asked(origin) - CHANGED * (1 - ssim);
  return verdict === 'accepted' ? CONVINCED + reached : reached;
}

const gentler = (plan: ScenePlan): ScenePlan => ({
  ...plan,
  elements: plan.elements.map((one) => ({ ...one, strength: one.strength * GENTLER })),
});
