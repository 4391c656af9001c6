import { fileURLToPath } from 'node:url';
import { ELEMENTS, type ElementName } from '@emoeditor/companion-server/scene/bank/elements.ts';
import { readBank } from '@emoeditor/companion-server/scene/bank/readBank.ts';
import {
  checkedPlan,
  createPlanner,
  type Search,
} from '@emoeditor/companion-server/scene/planner/planner.ts';
import { NO_LEADS } from '@emoeditor/companion-server/scene/planner/readLeads.ts';
import { describe, expect, it } from 'vitest';
import { OPEN_COUNTRY } from './facts.ts';

const STARTER = fileURLToPath(new URL('../../../../../models/starter', import.meta.url));
const bank = await readBank(STARTER);
const AWE = [0, 0, 1, 0, 0, 0, 0, 0];

const plannerOf = (isRendered: (element: ElementName) => boolean = () => true) =>
  createPlanner({ bank, embeddings: null, leads: NO_LEADS, isRendered });
const search = (more: Partial<Search> = {}): Search => ({
  target: AWE,
  direction: AWE,
  tokens: null,
  facts: OPEN_COUNTRY,
  seed: 1,
  ...more,
});
const idsOf = (plans: readonly { instruction: string | null }[]) =>
  plans.map(({ instruction }) => instruction);

describe('the planner', () => {
  it('proposes instructions of the target only, each once', () => {
    const ids = idsOf(plannerOf().propose(search(), 20));
    expect(ids.length).toBeGreaterThan(6);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => id?.startsWith('awe/'))).toBe(true);
  });

  it('of a blend proposes instructions of both', () => {
    const target = [0, 0, 0.5, 0, 0, 0, 0.5, 0];
    const ids = idsOf(plannerOf().propose(search({ target }), 30));
    expect(ids.some((id) => id?.startsWith('awe/'))).toBe(true);
    expect(ids.some((id) => id?.startsWith('fear/'))).toBe(true);
  });

  it('never proposes what the maps do not confirm', () => {
    const sky = { low: 0.4, high: 0.4, confidence: 0.3 };
    const ids = idsOf(plannerOf().propose(search({ facts: { ...OPEN_COUNTRY, sky } }), 20));
    expect(ids).not.toContain('awe/aurora');
    expect(ids).toContain('awe/grand-light');
  });

  it('never proposes what has an element without a renderer', () => {
    const ids = idsOf(plannerOf((name) => name !== 'aurora').propose(search(), 20));
    expect(ids).not.toContain('awe/aurora');
    expect(ids).toContain('awe/milky-way');
  });

  it('is the same for a seed and another for another', () => {
    const planner = plannerOf();
    expect(planner.propose(search(), 3)).toEqual(planner.propose(search(), 3));
    const firsts = [1, 2, 3, 4, 5, 6].map((seed) => planner.propose(search({ seed }), 1)[0]);
    expect(new Set(idsOf(firsts as never)).size).toBeGreaterThan(2);
  });

  it('draws every parameter from the range that the bank narrows', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      for (const plan of plannerOf().propose(search({ seed }), 20)) {
        const { elements } = bank.instructions.find(({ id }) => id === plan.instruction)!;
        for (const { element, parameters } of plan.elements) {
          const bounds: Record<string, readonly [number, number]> = ELEMENTS[element].parameters;
          expect(Object.keys(parameters)).toEqual(Object.keys(bounds));
          for (const [name, value] of Object.entries(parameters)) {
            const use = elements.find((one) => one.element === element)!;
            const [from, to] = use.ranges[name] ?? bounds[name]!;
            expect(value).toBeGreaterThanOrEqual(from * (1 - 1e-4) - 1e-9);
            expect(value).toBeLessThanOrEqual(to * (1 + 1e-4) + 1e-9);
          }
        }
      }
    }
  });

  it('does not repeat, and learns from what shares elements', () => {
    const planner = plannerOf();
    const scoreOf = (id: string, tried: NonNullable<Search['tried']>) =>
      planner.possible(search({ tried })).find(({ instruction }) => instruction.id === id)!.score;
    const tried = [
      { instruction: 'awe/aurora', rise: 1 },
      { instruction: 'awe/grand-light', rise: -1 },
    ];
    expect(scoreOf('awe/milky-way', tried)).toBeGreaterThan(scoreOf('awe/milky-way', []));
    const ids = idsOf(planner.propose(search({ tried }), 20));
    expect(ids).not.toContain('awe/aurora');
  });

  it('takes the one that is named, whatever the scene, and leaves out what is banned', () => {
    const facts = { ...OPEN_COUNTRY, sky: { low: 0, high: 0, confidence: 0 } };
    const named = plannerOf().propose(search({ facts, choice: { instruction: 'awe/aurora' } }), 2);
    expect(idsOf(named)).toEqual(['awe/aurora', 'awe/aurora']);
    expect(named[0]).not.toEqual(named[1]);
    const rest = plannerOf().propose(search({ choice: { banned: ['awe/aurora'] } }), 20);
    expect(idsOf(rest)).not.toContain('awe/aurora');
  });

  it('answers a wrong name in a sentence', () => {
    expect(() => plannerOf().propose(search({ choice: { instruction: 'awe/aurore' } }), 1)).toThrow(
      /Expected one of the bank's instructions \(awe\/aurora, .*but got “awe\/aurore”/,
    );
    expect(() =>
      plannerOf(() => false).propose(search({ choice: { instruction: 'awe/aurora' } }), 1),
    ).toThrow(
      'The instruction “awe/aurora” has the element “stars”, which this version cannot draw.',
    );
  });
});

describe('a plan from outside', () => {
  const planOf = (element: string, parameters: Record<string, number>) => ({
    instruction: null,
    elements: [{ element, parameters, seed: 5, strength: 0.5 }],
  });

  it('is brought into its ranges and filled up', () => {
    const { elements } = checkedPlan(planOf('fog', { density: 9 }), () => true);
    expect(elements[0]).toMatchObject({
      element: 'fog',
      strength: 0.5,
      parameters: { density: 0.25, mist: 0.5 },
    });
  });

  it('with an unknown element or parameter gets a sentence', () => {
    expect(() => checkedPlan(planOf('fogg', {}), () => true)).toThrow(
      /Expected an element of .*fog.* in the plan, but got “fogg”\./,
    );
    expect(() => checkedPlan(planOf('fog', { thickness: 1 }), () => true)).toThrow(
      /Expected a parameter of “fog” of density, .* but got “thickness”\./,
    );
    expect(() => checkedPlan(planOf('fog', {}), () => false)).toThrow('cannot draw');
  });
});
