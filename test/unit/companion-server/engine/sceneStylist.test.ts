import { deliverEdit } from '@emoeditor/companion-server/compositor/deliverEdit.ts';
import {
  fitLayer,
  layerCompositorOf,
  takesOfFit,
} from '@emoeditor/companion-server/engine/layerFit.ts';
import {
  createSceneStylist,
  offeredInstructions,
} from '@emoeditor/companion-server/engine/sceneStylist.ts';
import { imageOf } from '@emoeditor/companion-server/pipeline/preprocess.ts';
import { parseBank } from '@emoeditor/companion-server/scene/bank/readBank.ts';
import { NO_LEADS } from '@emoeditor/companion-server/scene/planner/readLeads.ts';
import { type EditRequestInput, editRequestSchema, SRGB_PROFILE } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';
import { scriptedScene } from '../scene/maps/scriptedScene.ts';

const instructionOf = (id: string, element: string) => ({
  ...{ id, emotion: 'fear', texts: [`carry out ${id}`], needs: {}, grade: {} },
  elements: [{ element, ranges: {} }],
});
const bank = parseBank(
  {
    format: 1,
    instructions: [instructionOf('fear/fog', 'fog'), instructionOf('fear/confetti', 'confetti')],
  },
  'bank.json',
);
const networks = scriptedScene({
  classAt: (_x, y) => (y < 0.4 ? 'sky' : 'ground'),
  sure: 0.95,
});
const stylist = createSceneStylist({
  ...{ bank, networks, leads: NO_LEADS, embeddings: null, isDefault: true },
});

const [WIDTH, HEIGHT] = [96, 64];
const proxy = {
  width: WIDTH,
  height: HEIGHT,
  rgb: Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => {
    const y = Math.floor(i / 3 / WIDTH) / HEIGHT;
    return y < 0.4 ? 190 + (i % 7) : 60 + ((i * 13) % 40);
  }),
};
const source = imageOf(proxy);
const never = new AbortController().signal;

const open = (scene?: EditRequestInput['scene'], more: Partial<EditRequestInput> = {}) =>
  stylist.open(
    editRequestSchema.parse({ target: { kind: 'emotion', emotion: 'fear' }, scene, ...more }),
    proxy,
    source,
    undefined,
    never,
  );
const DIRECTION = [0, 0, 0, 0, 0, 0, 1, 0];

describe('a scene of an edit', () => {
  it('proposes what can be drawn here, and draws it', async () => {
    const search = (await open())!;
    const plans = await search.propose(DIRECTION, 3, []);
    expect(plans.map(({ instruction }) => instruction)).toEqual(['fear/fog']);
    expect(search.sentenceOf(plans[0]!)).toBe('carry out fear/fog');
    const drawn = search.draw(plans[0]!, source.data);
    expect(drawn).toHaveLength(source.data.length);
    expect(drawn).not.toEqual(source.data);
    expect(await search.propose(DIRECTION, 3, [{ plan: plans[0]!, rise: 0.1 }])).toEqual([]);
  });

  it('JB13: is none where the request says so, or where the rules are the published ones', async () => {
    expect(await open({ elements: false })).toBeNull();
    expect(await open(undefined, { mode: 'paper' })).toBeNull();
  });

  it('JB13: carries out the plan that a request brings, or the instruction that it names', async () => {
    const [made] = await (await open())!.propose(DIRECTION, 1, []);
    const again = await open({ plan: made!, banned: ['fear/fog'] });
    expect(await again!.propose(DIRECTION, 3, [])).toEqual([made]);
    const named = await open({ instruction: 'fear/fog' });
    expect((await named!.propose(DIRECTION, 2, []))[0]?.instruction).toBe('fear/fog');
    const banned = await open({ banned: ['fear/fog'] });
    expect(await banned!.propose(DIRECTION, 3, [])).toEqual([]);
  });

  it('JB13: answers a name that does not exist with those that do', async () => {
    const search = await open({ instruction: 'fear/frog' });
    await expect(search!.propose(DIRECTION, 1, [])).rejects.toThrow(
      "Expected one of the bank's instructions (fear/fog, fear/confetti) but got “fear/frog”.",
    );
    await expect(
      open({ plan: { instruction: null, elements: [{ ...FROG, element: 'frog' }] } }),
    ).rejects.toThrow(/but got “frog”/);
  });

  it('offers only what can be drawn', () => {
    expect(offeredInstructions(bank.instructions)).toEqual([
      { id: 'fear/fog', emotion: 'fear', sentence: 'carry out fear/fog' },
    ]);
  });
});

const FROG = { parameters: {}, seed: 1, strength: 1 };

describe('a layer with a scene', () => {
  it('is what the search drew, to within what its larger stage shows', async () => {
    const search = (await open())!;
    const [plan] = await search.propose(DIRECTION, 1, []);
    const extent = { width: WIDTH, height: HEIGHT };
    const edit = {
      ...{ extent, source: source.data, decodedSource: source.data },
      decodedEdit: source.data.map((value) => 0.8 * value),
    };
    const delivery = { strength: 1, content: false, scene: plan! };
    const { fit } = await fitLayer(
      ...takesOfFit({ ...edit, stage: search.stage, delivery }, SRGB_PROFILE),
    );
    const format = { ...extent, channels: 3, sample: 'uint8', range: 255, profile: SRGB_PROFILE };
    const place = { bounds: { left: 0, top: 0, ...extent }, extent };
    const tile = { format, data: proxy.rgb } as const;
    const compositor = layerCompositorOf(structuredClone(fit));
    const whole = compositor.apply(tile as never, place, { intensity: 1 });
    const told = search.draw(plan!, deliverEdit(edit, { content: false }));
    const off = (whole.data as Uint8Array).reduce((sum, value, i) => {
      const wanted = 255 * (told[(i % 3) * WIDTH * HEIGHT + Math.floor(i / 3)] as number);
      return sum + Math.abs(value - wanted);
    }, 0);
    expect(off / whole.data.length).toBeLessThan(2);

    const grade = compositor.apply(tile as never, place, { intensity: 1, elements: 0 });
    expect(grade.data).not.toEqual(whole.data);
    expect(grade.data).toEqual(
      compositor.apply(tile as never, place, { intensity: 1, part: 'grade' }).data,
    );
    const untouched = compositor.apply(tile as never, place, { intensity: 0 });
    expect(untouched.data).toEqual(proxy.rgb);
  });
});
