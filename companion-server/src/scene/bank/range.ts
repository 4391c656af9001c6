import * as z from 'zod';

/** Lowest and highest value, both possible. */
export type Range = readonly [lowest: number, highest: number];

/** A range inside `bounds`; the sentence of an error says what was expected and what came. */
export const rangeWithin = ([lowest, highest]: Range) =>
  z
    .tuple([z.number(), z.number()], { error: (issue) => notARange(issue.input) })
    .refine(([from, to]) => from <= to && from >= lowest && to <= highest, {
      error: ({ input }) =>
        `Expected [from, to] with from ≤ to, both from ${lowest} to ${highest}, but got ${JSON.stringify(input)}.`,
    });

const notARange = (input: unknown) =>
  `Expected [from, to], two numbers, but got ${JSON.stringify(input)}.`;
