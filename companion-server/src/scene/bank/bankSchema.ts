import { EMOTIONS } from '@emoeditor/shared';
import * as z from 'zod';
import { ELEMENT_NAMES, ELEMENTS, type SceneElement } from './elements.ts';
import { GRADE_FIELD_NAMES, GRADE_FIELDS } from './gradeHint.ts';
import { namedEntries, unknownName } from './named.ts';
import { NEED_NAMES, NEEDS } from './needs.ts';
import { rangeWithin } from './range.ts';

const LONGEST = 200;
const MOST = 1000;

const text = z
  .string()
  .trim()
  .min(
    1,
    'Expected a sentence such as “let it rain without end”, but got nothing. Write one or remove it.',
  )
  .max(LONGEST, `Expected at most ${LONGEST} letters. Say it shorter.`);

const needSchema = ([lowest, highest]: readonly [number, number]) => {
  const bound = z
    .number()
    .min(lowest, `Expected ${lowest} to ${highest}.`)
    .max(highest, `Expected ${lowest} to ${highest}.`);
  return z
    .strictObject({ min: bound.optional(), max: bound.optional() })
    .refine(({ min, max }) => min !== undefined || max !== undefined, {
      error: 'Expected “min”, “max” or both, but got neither. Add one or remove the need.',
    })
    .refine(({ min, max }) => (min ?? -Infinity) <= (max ?? Infinity), {
      error: 'Expected “min” to be at most “max”: no scene can meet this. Change one of them.',
    });
};

const elementSchema = z
  .strictObject({
    element: z.enum(ELEMENT_NAMES, {
      error: ({ input }) => unknownName('an element', String(input), ELEMENT_NAMES),
    }),
    /** Parameters that are drawn from a narrower range than the element's own. */
    ranges: z.record(z.string(), z.unknown()).default({}),
  })
  .transform(({ element, ranges }, context) => {
    const { parameters }: SceneElement = ELEMENTS[element];
    const names = Object.keys(parameters);
    const narrowed: Record<string, readonly [number, number]> = {};
    for (const [name, value] of Object.entries(ranges)) {
      const bounds = parameters[name];
      const problem = (message: string) =>
        context.addIssue({ code: 'custom', path: ['ranges', name], message });
      if (bounds === undefined) {
        problem(unknownName(`a parameter of “${element}”`, name, names));
        continue;
      }
      const range = rangeWithin(bounds).safeParse(value);
      if (range.success) narrowed[name] = range.data;
      else problem(range.error.issues[0]?.message ?? '');
    }
    return { element, ranges: narrowed };
  });

const instructionSchema = z
  .strictObject({
    /** `emotion/name`. */
    id: z
      .string()
      .regex(
        /^[a-z]+\/[a-z0-9-]+$/,
        'Expected “emotion/name” in small letters, such as “fear/moonlit-fog”.',
      ),
    emotion: z.enum(EMOTIONS, {
      error: ({ input }) => unknownName('an emotion', String(input), EMOTIONS),
    }),
    /** The same said in several ways. */
    texts: z.array(text).min(1, 'Expected at least one sentence, but got none. Write one.').max(20),
    needs: namedEntries('a need', NEED_NAMES, (name) => needSchema(NEEDS[name].bounds)),
    grade: namedEntries('a grade field', GRADE_FIELD_NAMES, (name) =>
      rangeWithin(GRADE_FIELDS[name].bounds),
    ),
    elements: z.array(elementSchema).max(8),
  })
  .refine(({ id, emotion }) => id.startsWith(`${emotion}/`), {
    path: ['id'],
    error: ({ input }) => {
      const { id, emotion } = input as { id: string; emotion: string };
      return `Expected an id that begins with “${emotion}/”, the instruction's emotion, but got “${id}”. Change one of them.`;
    },
  });

/** `instructions.json` of a bundle whose edits are made of light and scene elements. */
export const bankSchema = z.strictObject({
  format: z.literal(1, 'Expected 1, the format this version reads.'),
  instructions: z
    .array(instructionSchema)
    .min(1, 'Expected at least one instruction, but got none.')
    .max(MOST)
    .superRefine((instructions, context) => {
      const seen = new Set<string>();
      for (const [index, { id }] of instructions.entries()) {
        if (seen.has(id)) {
          context.addIssue({
            code: 'custom',
            path: [index, 'id'],
            message: `Expected every id once, but “${id}” is there twice. Rename one.`,
          });
        }
        seen.add(id);
      }
    }),
});

export type InstructionBank = z.infer<typeof bankSchema>;
export type SceneInstruction = InstructionBank['instructions'][number];
export type ElementUse = SceneInstruction['elements'][number];
