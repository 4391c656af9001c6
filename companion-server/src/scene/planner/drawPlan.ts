import { philox } from '../../tensor/tensorKernel.ts';
import type { SceneInstruction } from '../bank/bankSchema.ts';
import { ELEMENT_NAMES, ELEMENTS } from '../bank/elements.ts';
import type { Range } from '../bank/range.ts';
import type { DrawablePlan, PlannedElement } from '../drawablePlan.ts';

/** Last word of the counter: a different one for each purpose, so that no two of them share random numbers. */
const USE = { order: 0x70, parameter: 0x71, element: 0x72 } as const;

/** 32 bits of a text (FNV-1a), so that numbers drawn for an instruction do not depend on its place in the bank. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}

const words = (seed: number, id: string, index: number, use: number) =>
  philox([index, 0, 0, use], [seed >>> 0, hashOf(id)]);

/** Uniform in (0, 1). */
const uniform = (word: number) => (word + 0.5) / 0x1_0000_0000;

/** Gumbel noise: the greatest of score + noise is a draw from the scores' softmax, the next one a draw without it. */
export const gumbelOf = (seed: number, id: string): number =>
  -Math.log(-Math.log(uniform(words(seed, id, 0, USE.order)[0])));

/** An instruction as a plan: each parameter drawn from its range, narrowed by the bank. The same seed, the same plan. */
export function drawPlan({ id, elements }: SceneInstruction, seed: number): DrawablePlan {
  return {
    instruction: id,
    elements: inDrawingOrder(
      elements.map(({ element, ranges }, place) => {
        const entries = Object.entries<Range>(ELEMENTS[element].parameters).map(
          ([name, bounds], k) => {
            const [from, to] = ranges[name] ?? bounds;
            const [word] = words(seed, id, place * 64 + k, USE.parameter);
            return [name, rounded(from + uniform(word) * (to - from))] as const;
          },
        );
        const [own] = words(seed, id, place, USE.element);
        return { element, parameters: Object.fromEntries(entries), seed: own, strength: 1 };
      }),
    ),
  };
}

/** Elements in the order of the bank's table, which is that of drawing. */
export const inDrawingOrder = (elements: readonly PlannedElement[]): PlannedElement[] =>
  [...elements].sort((a, b) => ELEMENT_NAMES.indexOf(a.element) - ELEMENT_NAMES.indexOf(b.element));

/** Five digits, as a person would write: a plan read back from text is the same to the bit. */
const rounded = (value: number) => Number(value.toPrecision(5));
