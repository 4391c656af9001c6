import { DEFAULT_INSTRUCTIONS } from '@emoeditor/companion-server/models/defaultInstructions.ts';
import type { Ablation } from '@emoeditor/companion-server/pipeline/ablation.ts';
import { createEditPipeline } from '@emoeditor/companion-server/pipeline/editPipeline.ts';
import { instructionOrder } from '@emoeditor/companion-server/pipeline/instructionOrder.ts';
import { rowOf } from '@emoeditor/companion-server/tensor/ops.ts';
import { type EditRequestInput, EMOTIONS, editRequestSchema } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';
import { createScriptedCritic, type Opinion } from '../../../fakes/scriptedCritic.ts';
import {
  createScriptedInstructions,
  type ScriptedInstructions,
} from '../../../fakes/scriptedInstructions.ts';
import { createScriptedModels, type ScriptedModels } from '../../../fakes/scriptedModels.ts';
import { ACCEPTABLE, AWE, photograph, TEST_FAST, UNSURE } from './editing.ts';

const oneHot = (name: string) => EMOTIONS.map((emotion) => (emotion === name ? 1 : 0));

describe('instructionOrder', () => {
  it('goes through the whole list of an emotion, in an order that the seed decides', () => {
    const [one, same, other] = [1, 1, 2].map((seed) =>
      instructionOrder(DEFAULT_INSTRUCTIONS, oneHot('fear'), seed),
    );
    expect(one?.toSorted()).toEqual(DEFAULT_INSTRUCTIONS.fear.toSorted());
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
  });

  it('deals a blend out by weight', () => {
    const target = oneHot('awe').map((weight, i) => (EMOTIONS[i] === 'fear' ? 0.3 : weight * 0.7));
    const order = instructionOrder(DEFAULT_INSTRUCTIONS, target, 5);
    const awe = order.filter((text) => DEFAULT_INSTRUCTIONS.awe.includes(text));
    const fear = order.filter((text) => DEFAULT_INSTRUCTIONS.fear.includes(text));
    expect([awe.length, fear.length, order.length]).toEqual([7, 3, 10]);
    expect(DEFAULT_INSTRUCTIONS.awe).toContain(order[0]);
  });

  it('does with one instruction', () => {
    const lists = { ...DEFAULT_INSTRUCTIONS, awe: ['Add stars'] };
    expect(instructionOrder(lists, oneHot('awe'), 3)).toEqual(['Add stars']);
  });
});

describe('the instructions that come with the product', () => {
  it('are ten different ones for each emotion', () => {
    const all = EMOTIONS.flatMap((emotion) => DEFAULT_INSTRUCTIONS[emotion]);
    expect(EMOTIONS.map((emotion) => DEFAULT_INSTRUCTIONS[emotion].length)).toEqual(
      Array(8).fill(10),
    );
    expect(new Set(all).size).toBe(80);
  });
});

interface Options {
  readonly request?: Partial<EditRequestInput>;
  readonly script?: ReadonlyArray<readonly Opinion[]>;
  readonly kind?: 'emotion-direction' | 'instruction';
  readonly ablation?: Ablation;
  readonly instructions?: ScriptedInstructions | null;
}

async function edit(options: Options = {}) {
  const { kind = 'instruction', instructions = createScriptedInstructions() } = options;
  const scripted: ScriptedModels = createScriptedModels();
  const { emotionEncoder, info, ...models } = scripted.models;
  const editor = createEditPipeline({
    deliver: ({ decodedEdit }) => decodedEdit,
    models: {
      ...models,
      info: { ...info, kind },
      ...(kind === 'instruction' || emotionEncoder === undefined ? {} : { emotionEncoder }),
      ...(instructions === null ? {} : { instructions }),
    },
    resize: async (picture) => picture,
    fast: TEST_FAST,
    ...(options.ablation === undefined ? {} : { ablation: options.ablation }),
    createCritic: () => createScriptedCritic(options.script ?? [[ACCEPTABLE]]),
  });
  const request = editRequestSchema.parse({ target: AWE, ...options.request });
  const events = { progress() {}, iteration() {} };
  const outcome = await editor.edit(request, photograph(), events, new AbortController().signal);
  return { outcome, scripted, instructions };
}

/** Text of each row of a UNet call, and whether it saw the picture. */
function rowsOf(call: ScriptedModels['unetCalls'][number], instructions: ScriptedInstructions) {
  return Array.from({ length: call.rows }, (_, row) => {
    const { data } = rowOf(call.sample, row);
    return {
      text: instructions.textOf(rowOf(call.tokens, row).data),
      picture: data.subarray(data.length / 2).some((value) => value !== 0),
    };
  });
}

describe('an edit with an instruction bundle', () => {
  it.each(['paper', 'official'] as const)('runs three rows a step in mode %s', async (mode) => {
    const { outcome, scripted, instructions } = await edit({ request: { mode, steps: 3 } });
    const [call] = scripted.unetCalls;
    const [both, picture, none, ...more] = rowsOf(call!, instructions!);
    expect(DEFAULT_INSTRUCTIONS.awe).toContain(both?.text);
    expect(both?.picture).toBe(true);
    expect(picture).toEqual({ text: '', picture: true });
    expect(none).toEqual({ text: '', picture: false });
    expect(more).toEqual([]);
    expect(outcome.unetEvaluations).toBe(9);
  });

  it('tells all candidates of an iteration the same, and the next iteration something else', async () => {
    const { scripted, instructions } = await edit({
      script: [[UNSURE], [ACCEPTABLE]],
      request: { guidanceScale: 3 },
    });
    const iterations = scripted.unetCalls.map((call) =>
      rowsOf(call, instructions!).flatMap(({ text }) => (text === '' ? [] : [text])),
    );
    const texts = iterations.map((told) => new Set(told));
    expect(texts.every(({ size }) => size === 1)).toBe(true);
    expect(new Set(iterations.flat()).size).toBe(2);
    // Two lanes of three rows once both have joined.
    expect(Math.max(...scripted.unetCalls.map(({ rows }) => rows))).toBe(6);
  });

  it('reads all its texts at once, before the first step', async () => {
    const { instructions } = await edit({
      script: [[UNSURE]],
      request: { mode: 'paper', steps: 2 },
    });
    expect(instructions?.read).toHaveLength(1);
    expect(instructions?.read[0]?.toSorted()).toEqual(['', ...DEFAULT_INSTRUCTIONS.awe].toSorted());
  });

  it.each([1, 2, 3, 7, 20])('keeps to a limit of %i UNet evaluations', async (limit) => {
    const { outcome } = await edit({
      script: [[UNSURE]],
      request: { mode: 'paper', steps: 4, maxUNetEvaluations: limit },
    });
    expect(outcome.unetEvaluations).toBeLessThanOrEqual(limit);
    expect(outcome.unetEvaluations).toBeGreaterThan(0);
  });
});

describe('ablations', () => {
  it('one-hot: the direction is the target itself, whatever the picture evokes', async () => {
    const { scripted } = await edit({
      kind: 'emotion-direction',
      ablation: { conditioning: 'one-hot' },
      script: [[UNSURE], [ACCEPTABLE]],
    });
    expect(scripted.directions.length).toBeGreaterThan(2);
    for (const direction of scripted.directions) expect(direction).toEqual(oneHot('awe'));
  });

  it('text: a direction bundle with a text encoder follows instructions', async () => {
    const { scripted, instructions } = await edit({
      kind: 'emotion-direction',
      ablation: { conditioning: 'text' },
    });
    expect(scripted.directions).toEqual([]);
    expect(instructions?.read).toHaveLength(1);
  });

  it('without IEI there is one iteration of one candidate, whatever the critic says', async () => {
    const { outcome, scripted } = await edit({
      kind: 'emotion-direction',
      ablation: { iei: false },
      script: [[UNSURE]],
    });
    expect(outcome.iterations).toHaveLength(1);
    expect(scripted.directions).toHaveLength(1);
  });

  it.each([
    [{ kind: 'instruction', ablation: { conditioning: 'direction' } }, /emotion encoder/],
    [{ kind: 'emotion-direction', ablation: { conditioning: 'text' } }, /text encoder/],
  ] as const)('of what the bundle lacks are refused: %j', async (options, reason) => {
    await expect(edit({ ...options, instructions: null })).rejects.toMatchObject({
      code: 'NOT_IN_BUNDLE',
      message: expect.stringMatching(reason),
    });
  });
});
