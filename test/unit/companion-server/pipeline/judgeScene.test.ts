import type { Critic } from '@emoeditor/companion-server/pipeline/critic/critic.ts';
import { createFastRules } from '@emoeditor/companion-server/pipeline/ieiRules/fast.ts';
import type {
  JudgeContext,
  SceneTrials,
} from '@emoeditor/companion-server/pipeline/judgeContext.ts';
import { judgeIteration } from '@emoeditor/companion-server/pipeline/judgeIteration.ts';
import type { SceneSearch } from '@emoeditor/companion-server/pipeline/sceneStylist.ts';
import { rowOf } from '@emoeditor/companion-server/tensor/ops.ts';
import { tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import type { ScenePlan } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';
import { AWE, TEST_FAST } from './editing.ts';
import { originOf } from './playRules.ts';

const plane = (value: number) => new Float32Array(3).fill(value);
const source = tensor(plane(0.2), [1, 3, 1, 1]);
const planOf = (instruction: string, strength = 1): ScenePlan => ({
  instruction,
  elements: [{ element: 'fog', parameters: {}, seed: 1, strength }],
});

/** Adds to a layer what its instruction says, as a number in its name. */
function searchOf(
  plans: readonly ScenePlan[],
  { isChosen = false, lostInFile = 0 } = {},
): SceneSearch {
  const draw: SceneSearch['draw'] = ({ instruction, elements }, layer) =>
    layer.map((value) => value + Number(instruction) * (elements[0]?.strength ?? 0));
  return {
    stage: { extent: { width: 1, height: 1 }, rgb: new Uint8Array(3), maps: {} },
    structure: Float32Array.of(1),
    isChosen,
    async propose(_direction, count, tried) {
      const done = tried.map(({ plan }) => plan.instruction);
      return plans.filter(({ instruction }) => !done.includes(instruction)).slice(0, count);
    },
    vary: ({ elements, ...plan }, number) => ({
      ...plan,
      elements: elements.map((one) => ({ ...one, seed: number, strength: number / 3 })),
    }),
    draw,
    async drawDelivered(plan, { source: from, decodedEdit }, { strength }) {
      const graded = from.map(
        (value, i) => value + strength * ((decodedEdit[i] as number) - value),
      );
      return draw(plan, graded).map((value) => value - lostInFile);
    },
    sentenceOf: () => null,
  };
}

/** P(target) is the picture's first value; SSIM is 1 − half the change, but not of a whole layer of 0.9 and more. */
const critic: Critic = {
  read: async () => [],
  async score(images, _source, _target, structure) {
    return Array.from({ length: images.dims[0] ?? 0 }, (_, i) => {
      const value = rowOf(images, i).data[0] as number;
      const ssim = structure !== undefined && value >= 0.9 ? 0.1 : 1 - Math.abs(value - 0.2) / 2;
      return { distribution: [], pTarget: value, ssim };
    });
  },
};

function judge(scenes: SceneTrials | undefined, grade: number) {
  const context: JudgeContext = {
    critic,
    deliver: ({ decodedEdit }) => decodedEdit,
    content: false,
    rules: createFastRules({ ...TEST_FAST, strengths: [0.5] }),
    origin: originOf(),
    source,
    decodedSource: source,
    target: AWE,
    ...(scenes === undefined ? {} : { scenes }),
  };
  return judgeIteration(context, tensor(plane(grade), [1, 3, 1, 1]));
}

describe('judging instructions × strengths', () => {
  it('keeps the plan that raises the target most, on the grade that suits it best', async () => {
    const scenes = { search: searchOf([planOf('0.1'), planOf('0.4')]), tried: [] };
    const made = await judge(scenes, 0.3);
    expect(made).toMatchObject({
      scene: { instruction: '0.4' },
      verdict: 'accepted',
      strength: 0.7,
    });
    expect(made.report.pTarget).toBeCloseTo(0.67, 5);
    expect(made.scores[made.best]).toBe(made.report);
  });

  it('tells what the file is read as, where fine details make it another than the draft', async () => {
    const search = searchOf([planOf('0.4')], { lostInFile: 0.2 });
    const made = await judge({ search, tried: [] }, 0.3);
    expect(made.report.pTarget).toBeCloseTo(0.47, 5);
    expect(made.delivered.data[0]).toBeCloseTo(0.47, 5);
    expect(made.verdict).toBe('confidenceTooLow');
  });

  it('puts the best on a stronger grade where it does not convince', async () => {
    const made = await judge({ search: searchOf([planOf('0.1')]), tried: [] }, 0.4);
    expect(made).toMatchObject({ scene: { instruction: '0.1' }, strength: 1 });
    expect(made.report.pTarget).toBeCloseTo(0.5, 5);
  });

  it('learns from all that it tried, and never tries one twice', async () => {
    const scenes: SceneTrials = {
      search: searchOf(['0.01', '0.02', '0.03', '0.4'].map((name) => planOf(name))),
      tried: [],
    };
    await judge(scenes, 0.3);
    expect(scenes.tried.map(({ plan }) => plan.instruction)).toEqual(['0.01', '0.02', '0.03']);
    expect(scenes.tried[2]?.rise).toBeGreaterThan(scenes.tried[0]?.rise as number);
    const second = await judge(scenes, 0.3);
    expect(second.scene?.instruction).toBe('0.4');
  });

  it('carries out the best of them on later grades once all were tried', async () => {
    const scenes: SceneTrials = { search: searchOf([planOf('0.1'), planOf('0.2')]), tried: [] };
    await judge(scenes, 0.3);
    const later = await judge(scenes, 0.4);
    expect(later.scene?.instruction).toBe('0.2');
    expect(scenes.tried.slice(2).map(({ plan }) => plan.instruction)).toEqual([
      '0.2',
      '0.2',
      '0.2',
    ]);
  });

  it('varies the best of them beside new ones, so that it may become stronger', async () => {
    const scenes: SceneTrials = {
      search: searchOf(['0.01', '0.02', '0.1', '0.03'].map((name) => planOf(name))),
      tried: [],
    };
    await judge(scenes, 0.2);
    const second = await judge(scenes, 0.2);
    expect(scenes.tried.slice(3).map(({ plan }) => plan.instruction)).toEqual([
      '0.03',
      '0.1',
      '0.1',
    ]);
    // The fourth draw is a third stronger.
    expect(second.scene).toMatchObject({ instruction: '0.1', elements: [{ strength: 4 / 3 }] });
  });

  it('draws gentler what has lost the structure', async () => {
    const scenes = { search: searchOf([planOf('0.8')]), tried: [] };
    const made = await judge(scenes, 0.2);
    expect(made.scene?.elements[0]?.strength).toBeCloseTo(0.6, 6);
    expect(made.verdict).toBe('accepted');
  });

  it('carries out what the user has chosen, wherever it leads', async () => {
    const made = await judge(
      { search: searchOf([planOf('-0.15')], { isChosen: true }), tried: [] },
      0.2,
    );
    expect(made.scene?.instruction).toBe('-0.15');
  });

  it('keeps a plan that hardly changes what the critic says', async () => {
    const made = await judge({ search: searchOf([planOf('-0.01')]), tried: [] }, 0.2);
    expect(made.scene?.instruction).toBe('-0.01');
  });

  it('is the light alone where all plans lead away from the target, or none is left', async () => {
    const worse = await judge({ search: searchOf([planOf('-0.9')]), tried: [] }, 0.7);
    expect(worse.scene).toBeUndefined();
    expect(worse.verdict).toBe('accepted');
    const none = await judge({ search: searchOf([]), tried: [] }, 0.7);
    expect(none).toEqual(await judge(undefined, 0.7));
  });
});
