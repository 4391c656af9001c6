import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EMOTIONS } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';
import { ELEMENTS } from '../../../../../companion-server/src/scene/bank/elements.ts';
import {
  BANK_FILE,
  needsOf,
  parseBank,
  readBank,
} from '../../../../../companion-server/src/scene/bank/readBank.ts';
import { temporaryFolder } from '../../../../temporaryFolder.ts';

const STARTER = fileURLToPath(new URL('../../../../../models/starter', import.meta.url));

const FOG = {
  id: 'fear/fog',
  emotion: 'fear',
  texts: ['let fog close in'],
  needs: { outdoors: { min: 0.6 } },
  grade: { exposure: [-1, -0.5] },
  elements: [{ element: 'fog', ranges: { density: [0.1, 0.2] } }],
};
const bankOf = (...changes: object[]) => ({
  format: 1,
  instructions: changes.map((change) => ({ ...FOG, ...change })),
});
const complaint = (json: unknown) => {
  try {
    parseBank(json, 'bank.json');
  } catch (error) {
    expect(error).toMatchObject({ name: 'BankError', code: 'MODEL_CORRUPT' });
    return (error as Error).message;
  }
  throw new Error('the bank was accepted');
};

describe('a bank that cannot be used', () => {
  const folder = temporaryFolder();

  it.each([
    [
      'an unknown element',
      { elements: [{ element: 'frog' }] },
      /elements\.0\.element: Expected an element of grime, .*but got “frog”\. Correct the name/,
    ],
    [
      'an unknown parameter',
      { elements: [{ element: 'fog', ranges: { thick: [0, 1] } }] },
      /a parameter of “fog” of density, .*but got “thick”/,
    ],
    [
      'a parameter out of range',
      { elements: [{ element: 'fog', ranges: { density: [0, 9] } }] },
      /ranges\.density: Expected .*from 0\.02 to 0\.25, but got \[0,9\]/,
    ],
    [
      'an unknown need',
      { needs: { skyy: { min: 0.1 } } },
      /needs: Expected a need of sky, .*but got “skyy”/,
    ],
    ['a need of nothing', { needs: { sky: {} } }, /needs\.sky: Expected “min”, “max” or both/],
    [
      'a need that nothing meets',
      { needs: { sky: { min: 0.5, max: 0.1 } } },
      /no scene can meet this/,
    ],
    [
      'an unknown grade field',
      { grade: { brightness: [0, 1] } },
      /grade: Expected a grade field of exposure, .*“brightness”/,
    ],
    [
      'a grade turned round',
      { grade: { exposure: [0.5, -0.5] } },
      /grade\.exposure: Expected \[from, to\] with from ≤ to, both from -2 to 1, but got \[0\.5,-0\.5\]/,
    ],
    ['a grade that is one number', { grade: { exposure: 1 } }, /two numbers, but got 1\./],
    ['no texts', { texts: [] }, /texts: Expected at least one sentence/],
    ['an empty text', { texts: ['let it rain', '  '] }, /texts\.1: Expected a sentence/],
    [
      'an unknown emotion',
      { emotion: 'joy', id: 'joy/fog' },
      /emotion: Expected an emotion of amusement, .*“joy”/,
    ],
    ['an id of another emotion', { id: 'awe/fog' }, /id: Expected an id that begins with “fear\/”/],
    [
      'an id with blanks',
      { id: 'fear/thick fog' },
      /id: Expected “emotion\/name” in small letters/,
    ],
  ])('%s', (_, change, sentence) => {
    const message = complaint(bankOf(change));
    expect(message).toMatch(sentence);
    expect(message).toContain('bank.json');
    expect(message).toContain('Instruction 1 “');
  });

  it('says which ids are there twice', () => {
    expect(complaint(bankOf({}, { id: 'fear/mist' }, {}))).toMatch(
      /Instruction 3 “fear\/fog”, id: Expected every id once, but “fear\/fog” is there twice/,
    );
  });

  it('counts further faults', () => {
    expect(complaint(bankOf({ texts: [], needs: { skyy: {} } }))).toContain('first of 2 faults');
  });

  it('knows the lists of models that follow text', () => {
    expect(complaint({ fear: ['let fog close in'] })).toContain('models that follow text');
    expect(complaint({ format: 2, instructions: [] })).toContain('format: Expected 1');
  });

  it('names the file that is no JSON or is not there', async () => {
    await expect(readBank(folder('none'))).rejects.toThrow('cannot be read');
    await writeFile(folder(BANK_FILE), '{ "format": ');
    await expect(readBank(folder())).rejects.toThrow('Expected JSON, but');
  });
});

describe('the bank of the starter', async () => {
  const { instructions } = await readBank(STARTER);

  it.each(EMOTIONS)(
    'has eight instructions of %s or more, most of them with elements',
    (emotion) => {
      const own = instructions.filter((instruction) => instruction.emotion === emotion);
      expect(own.length).toBeGreaterThanOrEqual(8);
      expect(own.filter(({ elements }) => elements.length > 0).length).toBeGreaterThanOrEqual(6);
      // One that every scene can have.
      expect(own.some((one) => Object.keys(needsOf(one)).length === 0)).toBe(true);
    },
  );

  it('says each in several ways, and nothing twice', () => {
    for (const { texts } of instructions) expect(texts.length).toBeGreaterThanOrEqual(3);
    const texts = instructions.flatMap((one) => one.texts);
    expect(texts.filter((text, index) => texts.indexOf(text) !== index)).toEqual([]);
  });

  it('uses every element but those that only companions use', () => {
    const used = new Set(instructions.flatMap(({ elements }) => elements.map((e) => e.element)));
    const unused = Object.keys(ELEMENTS).filter((name) => !used.has(name as keyof typeof ELEMENTS));
    expect(unused).toEqual(['birds', 'ground-mist']);
  });

  it('asks for nothing that its own elements forbid', () => {
    for (const instruction of instructions) {
      for (const [name, { min = -Infinity, max = Infinity }] of Object.entries(
        needsOf(instruction),
      )) {
        expect(min, `${instruction.id}: ${name}`).toBeLessThan(max);
      }
    }
  });

  it('is what training reads: the same fields and bounds of the light', async () => {
    const { GRADE_FIELDS } = await import(
      '../../../../../companion-server/src/scene/bank/gradeHint.ts'
    );
    const python = await readFile(join(STARTER, '../../training/emopair/light/hints.py'), 'utf8');
    const fields = [...python.matchAll(/^ {4}"(\w+)": \((-?[\d.]+), (-?[\d.]+)\),$/gm)];
    expect(fields.map(([, name, low, high]) => [name, [Number(low), Number(high)]])).toEqual(
      Object.entries(GRADE_FIELDS).map(([name, { bounds }]) => [name, [...bounds]]),
    );
  });
});

describe('needsOf', () => {
  it('joins what an instruction asks for and what its elements cannot do without', () => {
    const bank = parseBank(
      bankOf({ needs: { depth: { min: 0.1, max: 0.9 }, sky: { max: 0.5 } } }),
      'bank.json',
    );
    expect(needsOf(bank.instructions[0]!)).toEqual({
      depth: { min: 0.25, max: 0.9 },
      sky: { max: 0.5 },
    });
  });
});
