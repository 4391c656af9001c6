import { EMOTIONS, type EmotionVector } from '@emoeditor/shared';
import type { InstructionBank, SceneInstruction } from '../bank/bankSchema.ts';
import { GRADE_FIELD_NAMES } from '../bank/gradeHint.ts';
import type { InstructionEmbeddings } from '../bank/readEmbeddings.ts';
import type { Leads } from './readLeads.ts';

/** What P(instruction | direction) is computed from. */
export interface ScoreParts {
  readonly bank: InstructionBank;
  readonly embeddings: InstructionEmbeddings | null;
  readonly leads: Leads;
}

/** Target of the edit, and the direction that the model is conditioned on. */
export interface Goal {
  /** Target as a distribution over the eight. */
  readonly target: EmotionVector;
  /** Target less what the picture evokes, in [−1, 1]. */
  readonly direction: EmotionVector;
  /** The emotion encoder's tokens for that direction in a row, of any length; null without an encoder. */
  readonly tokens: Float32Array | null;
}

/** An instruction that serves an emotion of the target, and ln P up to a constant. */
export interface ScoredInstruction {
  readonly instruction: SceneInstruction;
  readonly score: number;
}

/** Fields whose spread is below this are ignored. */
const LEAST_SPREAD = 1e-3;

/**
 * ln P(instruction | direction) up to a constant. The weight of each target emotion is divided equally among its
 * instructions; the direction then favours those whose light matches what `leads` maps the evoked emotions to, and
 * whose embedding is aligned with the encoder's tokens.
 */
export function instructionScores(
  { bank, embeddings, leads }: ScoreParts,
  { target, direction, tokens }: Goal,
): ScoredInstruction[] {
  const lights = lightsOf(bank);
  const mood = moodOf(target, direction);
  const wanted = unit(
    GRADE_FIELD_NAMES.map((_, field) =>
      mood.reduce((sum, value, e) => sum + value * (leads.map[e]?.[field] as number), 0),
    ),
  );
  const aligned = alignments(bank, embeddings, tokens);
  return bank.instructions.flatMap((instruction, i) => {
    const emotion = EMOTIONS.indexOf(instruction.emotion);
    const weight = target[emotion] ?? 0;
    if (weight <= 0) return [];
    const count = bank.instructions.filter((other) => other.emotion === instruction.emotion).length;
    const light = lights[i] as readonly number[];
    const lead = wanted.reduce((sum, value, field) => sum + value * (light[field] as number), 0);
    const score =
      Math.log(weight / count) +
      leads.weight * lead +
      leads.alignment * ((aligned[i] as number) ?? 0);
    return [{ instruction, score }];
  });
}

/** What the picture evokes (target less direction): squared, normalised, less 1/8; as in training. */
function moodOf(target: EmotionVector, direction: EmotionVector): number[] {
  const squares = target.map((wanted, e) => Math.max(0, wanted - (direction[e] ?? 0)) ** 2);
  const sum = squares.reduce((total, value) => total + value, 0);
  return squares.map((value) => (sum > 0 ? value / sum : 1 / squares.length) - 1 / squares.length);
}

/** P over the scored ones, sums to 1. */
export function probabilitiesOf(scored: readonly ScoredInstruction[]): number[] {
  const greatest = Math.max(...scored.map(({ score }) => score));
  const weights = scored.map(({ score }) => Math.exp(score - greatest));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/**
 * For each instruction how its light differs from the others of its emotion: unit vectors of the grade's fields, in
 * units of their spread between emotions. The same as in training.
 */
export function lightsOf({ instructions }: InstructionBank): number[][] {
  const middles = instructions.map(({ grade }) =>
    GRADE_FIELD_NAMES.map((name) => {
      const [from, to] = grade[name] ?? [0, 0];
      return (from + to) / 2;
    }),
  );
  const moodOf = new Map(
    EMOTIONS.map((emotion) => [
      emotion,
      meanOf(middles.filter((_, i) => instructions[i]?.emotion === emotion)),
    ]),
  );
  const spread = GRADE_FIELD_NAMES.map((_, field) =>
    deviation([...moodOf.values()].map((mood) => mood[field] as number)),
  );
  return middles.map((middle, i) => {
    const mood = moodOf.get((instructions[i] as SceneInstruction).emotion) as number[];
    return unit(
      middle.map((value, field) => (value - (mood[field] as number)) / (spread[field] as number)),
    );
  });
}

function meanOf(rows: readonly (readonly number[])[]): number[] {
  return GRADE_FIELD_NAMES.map(
    (_, field) =>
      rows.reduce((sum, row) => sum + (row[field] as number), 0) / Math.max(1, rows.length),
  );
}

/** Of a sample, as torch.std. */
function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.max(LEAST_SPREAD, Math.sqrt(squares / (values.length - 1)));
}

function unit(values: readonly number[]): number[] {
  const length = Math.hypot(...values);
  return length > 0 ? values.map((value) => value / length) : [...values];
}

/** Cosine of each instruction's embedding with the tokens; one that has none gets the mean of its emotion. */
function alignments(
  { instructions }: InstructionBank,
  embeddings: InstructionEmbeddings | null,
  tokens: Float32Array | null,
): number[] {
  if (embeddings === null || tokens?.length !== embeddings.width) return instructions.map(() => 0);
  const length = Math.hypot(...tokens);
  const known = instructions.map(({ id }) => {
    const vector = embeddings.vectors.get(id);
    if (vector === undefined) return null;
    return vector.reduce((sum, value, k) => sum + value * (tokens[k] as number), 0) / length;
  });
  return instructions.map(({ emotion }, i) => {
    const own = known[i];
    if (own !== null && own !== undefined) return own;
    const others = known.filter(
      (value, k): value is number => value !== null && instructions[k]?.emotion === emotion,
    );
    return others.reduce((sum, value) => sum + value, 0) / Math.max(1, others.length);
  });
}
