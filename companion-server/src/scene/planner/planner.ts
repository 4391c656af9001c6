import type { InstructionBank, SceneInstruction } from '../bank/bankSchema.ts';
import { ELEMENTS, type ElementName } from '../bank/elements.ts';
import type { NeedName } from '../bank/needs.ts';
import { needsOf } from '../bank/readBank.ts';
import type { DrawablePlan } from '../drawablePlan.ts';
import { drawPlan, gumbelOf, inDrawingOrder } from './drawPlan.ts';
import {
  type Goal,
  instructionScores,
  type ScoredInstruction,
  type ScoreParts,
} from './instructionScores.ts';
import { PlannerError } from './plannerError.ts';
import { type SceneFacts, unconfirmedNeeds } from './sceneFacts.ts';

export interface PlannerParts extends ScoreParts {
  /** Whether an element can be drawn: what cannot is never planned. */
  readonly isRendered: (element: ElementName) => boolean;
}

/** What the user says of instructions. */
export interface Choice {
  /** This one and no other, whether or not the maps confirm what it needs. */
  readonly instruction?: string | undefined;
  /** None of these. */
  readonly banned?: readonly string[] | undefined;
}

/** Effect of an instruction: change of ln P(target). */
export interface Tried {
  readonly instruction: string;
  readonly rise: number;
}

export interface Search extends Goal {
  readonly facts: SceneFacts;
  readonly choice?: Choice;
  readonly seed: number;
  /** Tried before: not proposed again; instructions like those that helped become likelier. */
  readonly tried?: readonly Tried[];
}

/** Added to ln P for each thing of the scene that an instruction uses, and the most such things that count. */
const SPECIFIC = 0.35;
const MOST_SPECIFIC = 3;
/** Greatest shift of ln P by what similar instructions did before. */
const LEARNT = 1.5;

/** Needs that are about the picture, not about what is in it. */
const OF_THE_PICTURE: readonly NeedName[] = ['brightness', 'outdoors', 'depth'];

export interface Planner {
  /**
   * Plans to be tried, likeliest first; fewer than asked for where the scene allows no more.
   * @throws PlannerError UNKNOWN_INSTRUCTION, NOT_RENDERED for a choice that cannot be met
   */
  propose(search: Search, count: number): DrawablePlan[];
  /** The plan's instruction drawn with that seed; the plan itself where the bank has no such instruction. */
  vary(plan: DrawablePlan, seed: number): DrawablePlan;
  /** Instructions of a target that a scene has everything for, with ln P up to a constant. */
  possible(search: Search): ScoredInstruction[];
  /** The first phrasing of an instruction. */
  sentenceOf(id: string): string | null;
}

/** Chooses instructions of a bank for scenes. */
export function createPlanner(parts: PlannerParts): Planner {
  const { bank } = parts;
  const byId = new Map(bank.instructions.map((instruction) => [instruction.id, instruction]));

  function possible(search: Search): ScoredInstruction[] {
    const banned = new Set(search.choice?.banned);
    return instructionScores(parts, search)
      .filter(
        ({ instruction }) =>
          !banned.has(instruction.id) &&
          missingOf(parts, instruction).length === 0 &&
          unconfirmedNeeds(search.facts, needsOf(instruction)).length === 0,
      )
      .map(({ instruction, score }) => ({
        instruction,
        score: score + specificity(instruction) + learnt(instruction, byId, search.tried),
      }));
  }

  return {
    possible,
    vary(plan, seed) {
      const instruction = plan.instruction === null ? undefined : byId.get(plan.instruction);
      return instruction === undefined ? plan : drawPlan(instruction, seed);
    },
    sentenceOf: (id) => byId.get(id)?.texts[0] ?? null,
    propose(search, count) {
      const { seed, tried = [], choice } = search;
      const done = new Set(tried.map(({ instruction }) => instruction));
      if (choice?.instruction !== undefined) {
        const chosen = known(parts, byId, choice.instruction);
        // Another draw of its parameters each time.
        return Array.from({ length: count }, (_, i) =>
          drawPlan(chosen, (seed + tried.length + i) >>> 0),
        );
      }
      return possible(search)
        .filter(({ instruction }) => !done.has(instruction.id))
        .map(({ instruction, score }) => ({
          instruction,
          key: score + gumbelOf(seed, instruction.id),
        }))
        .sort((a, b) => b.key - a.key)
        .slice(0, count)
        .map(({ instruction }) => drawPlan(instruction, seed));
    },
  };
}

const missingOf = (
  { isRendered }: Pick<PlannerParts, 'isRendered'>,
  { elements }: SceneInstruction,
): ElementName[] => elements.map(({ element }) => element).filter((name) => !isRendered(name));

/** Instructions that use what a picture has come before those that would do for any. */
function specificity(instruction: SceneInstruction): number {
  const used = Object.entries(needsOf(instruction)).filter(
    ([name, need]) => (need?.min ?? 0) > 0 && !OF_THE_PICTURE.includes(name as NeedName),
  );
  return SPECIFIC * Math.min(MOST_SPECIFIC, used.length);
}

/** Mean rise of what was tried with the same elements, against the mean of all that was tried. */
function learnt(
  { elements }: SceneInstruction,
  byId: ReadonlyMap<string, SceneInstruction>,
  tried: readonly Tried[] = [],
): number {
  if (tried.length === 0) return 0;
  const mean = tried.reduce((sum, { rise }) => sum + rise, 0) / tried.length;
  const own = new Set<ElementName>(elements.map(({ element }) => element));
  let shift = 0;
  for (const { instruction, rise } of tried) {
    const others = byId.get(instruction)?.elements.map(({ element }) => element) ?? [];
    const shared = others.filter((name) => own.has(name)).length;
    const all = new Set([...own, ...others]).size;
    shift += (shared / Math.max(1, all)) * (rise - mean);
  }
  return Math.max(-LEARNT, Math.min(LEARNT, shift));
}

function known(
  parts: PlannerParts,
  byId: ReadonlyMap<string, SceneInstruction>,
  id: string,
): SceneInstruction {
  const found = byId.get(id);
  if (found === undefined) throw unknownInstruction(parts.bank, id);
  const [missing] = missingOf(parts, found);
  if (missing === undefined) return found;
  throw new PlannerError(
    'NOT_RENDERED',
    `The instruction “${id}” has the element “${missing}”, which this version cannot draw.`,
    'Choose another instruction.',
  );
}

/** The error lists the instructions of the same emotion, or all of them where that emotion has none. */
export function unknownInstruction({ instructions }: InstructionBank, id: string): PlannerError {
  const [emotion] = id.split('/');
  const like = instructions.filter((one) => one.emotion === emotion).map((one) => one.id);
  const known = like.length > 0 ? like : instructions.map((one) => one.id);
  return new PlannerError(
    'UNKNOWN_INSTRUCTION',
    `Expected one of the bank's instructions (${known.join(', ')}) but got “${id}”.`,
    'Correct the name, or leave it out and one is chosen.',
  );
}

/**
 * A plan that came from outside, as one that can be drawn: parameters that are missing take the middle of their range,
 * those outside it its nearest end.
 * @throws PlannerError BAD_PLAN for an unknown element or parameter, NOT_RENDERED
 */
export function checkedPlan(
  { instruction, elements }: PlanFromOutside,
  isRendered: PlannerParts['isRendered'],
): DrawablePlan {
  return {
    instruction,
    elements: inDrawingOrder(
      elements.map(({ element, parameters, seed, strength }) => {
        const table = ELEMENTS[element as ElementName] as
          | (typeof ELEMENTS)[ElementName]
          | undefined;
        if (table === undefined) throw badPlan('an element', element, Object.keys(ELEMENTS));
        const name = element as ElementName;
        if (!isRendered(name)) {
          throw new PlannerError(
            'NOT_RENDERED',
            `The plan has the element “${element}”, which this version cannot draw.`,
            'Record the edit again with another instruction.',
          );
        }
        const ranges: Readonly<Record<string, readonly [number, number]>> = table.parameters;
        const stray = Object.keys(parameters).find((key) => !Object.hasOwn(ranges, key));
        if (stray !== undefined) {
          throw badPlan(`a parameter of “${element}”`, stray, Object.keys(ranges));
        }
        const whole = Object.entries(ranges).map(([key, [from, to]]) => {
          const value = parameters[key] ?? (from + to) / 2;
          return [key, Math.min(to, Math.max(from, value))] as const;
        });
        return { element: name, parameters: Object.fromEntries(whole), seed, strength };
      }),
    ),
  };
}

/** A plan as received over the wire: element names are unchecked strings. */
export interface PlanFromOutside {
  readonly instruction: string | null;
  readonly elements: readonly {
    readonly element: string;
    readonly parameters: Readonly<Record<string, number>>;
    readonly seed: number;
    readonly strength: number;
  }[];
}

const badPlan = (what: string, came: string, names: readonly string[]) =>
  new PlannerError(
    'BAD_PLAN',
    `Expected ${what} of ${names.join(', ')} in the plan, but got “${came}”.`,
    'Correct the plan, or leave it out and one is made.',
  );
