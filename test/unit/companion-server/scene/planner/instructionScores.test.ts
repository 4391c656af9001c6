import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readBank } from '@emoeditor/companion-server/scene/bank/readBank.ts';
import {
  instructionScores,
  lightsOf,
  probabilitiesOf,
} from '@emoeditor/companion-server/scene/planner/instructionScores.ts';
import {
  LEADS_FILE,
  NO_LEADS,
  readLeads,
} from '@emoeditor/companion-server/scene/planner/readLeads.ts';
import { EMOTIONS } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../temporaryFolder.ts';

const STARTER = fileURLToPath(new URL('../../../../../models/starter', import.meta.url));
const GOLDEN = new URL('../../../../golden/leads.json', import.meta.url);

type Row = readonly [id: string, direction: number[]];
interface Golden {
  readonly map: number[][];
  readonly weight: number;
  readonly heldOutIds: readonly string[];
  readonly light: number[];
  readonly all: readonly Row[];
  readonly heldOut: readonly Row[];
}
const golden = JSON.parse(await readFile(GOLDEN, 'utf8')) as Golden;
const bank = await readBank(STARTER);

/** Mean of −ln P of what was chosen, in nats, among some instructions. */
function crossEntropy(leads: typeof NO_LEADS, rows: readonly Row[], among?: readonly string[]) {
  const known = among === undefined ? null : new Set(among);
  let sum = 0;
  for (const [id, direction] of rows) {
    const emotion = id.split('/')[0];
    const target = EMOTIONS.map((name) => (name === emotion ? 1 : 0));
    const scored = instructionScores(
      { bank, embeddings: null, leads },
      { target, direction, tokens: null },
    ).filter(({ instruction }) => known?.has(instruction.id) ?? true);
    const at = scored.findIndex(({ instruction }) => instruction.id === id);
    sum -= Math.log(probabilitiesOf(scored)[at] as number);
  }
  return sum / rows.length;
}

describe('P(instruction | direction)', () => {
  it('beats the prior of the class on choices that were not fitted', async () => {
    const leads = await readLeads(STARTER);
    expect(leads.map).not.toEqual(NO_LEADS.map);
    const prior = crossEntropy(NO_LEADS, golden.all);
    expect(crossEntropy(leads, golden.all)).toBeLessThan(prior - 0.01);
  });

  it('beats it on instructions that the map never saw', () => {
    const { map, weight, heldOut, heldOutIds } = golden;
    const prior = crossEntropy(NO_LEADS, heldOut, heldOutIds);
    expect(crossEntropy({ map, weight, alignment: 0 }, heldOut, heldOutIds)).toBeLessThan(
      prior - 0.003,
    );
  });

  it('describes an instruction by the same light as training does', () => {
    const light = lightsOf(bank)[0] as number[];
    for (const [field, value] of golden.light.entries()) expect(light[field]).toBeCloseTo(value, 4);
  });

  it('follows the alignment as far as its weight says, and gives a new instruction its class’s mean', () => {
    const [first, second, third] = bank.instructions;
    const three = { format: 1 as const, instructions: [first!, second!, third!] };
    const vectors = new Map([
      [first!.id, Float32Array.of(1, 0)],
      [second!.id, Float32Array.of(0, 1)],
    ]);
    const goal = {
      target: [1, 0, 0, 0, 0, 0, 0, 0],
      direction: Array(8).fill(0) as number[],
      tokens: Float32Array.of(3, 0),
    };
    const leads = { ...NO_LEADS, alignment: 2 };
    const scored = instructionScores(
      { bank: three, embeddings: { vectors, width: 2 }, leads },
      goal,
    ).map(({ score }) => score - Math.log(1 / 3));
    expect(scored.map((score) => Number(score.toFixed(6)))).toEqual([2, 0, 1]);
  });
});

describe('leads of a bundle', () => {
  const folder = temporaryFolder();
  it('may be missing', async () => {
    expect(await readLeads(folder())).toEqual(NO_LEADS);
  });

  it('that are damaged get a sentence', async () => {
    await writeFile(join(folder(), LEADS_FILE), '{"format": 1, "fields": [], "map": []}');
    await expect(readLeads(folder())).rejects.toMatchObject({
      code: 'MODEL_CORRUPT',
      hint: expect.stringContaining('emoeditor.fit_leads'),
    });
  });
});
