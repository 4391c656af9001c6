import { join } from 'node:path';
import { EMOTIONS } from '@emoeditor/shared';
import * as z from 'zod';
import { readText } from '../../files/readText.ts';
import { BankError } from '../bank/bankError.ts';
import { GRADE_FIELD_NAMES } from '../bank/gradeHint.ts';

/** Which light a direction leads to; written by `training/emoeditor/fit_leads.py`. Optional in a bundle. */
export const LEADS_FILE = 'leads.json';

const leadsSchema = z.object({
  format: z.literal(1),
  fields: z.array(z.string()).refine((names) => names.join() === GRADE_FIELD_NAMES.join(), {
    error: `Expected the fields ${GRADE_FIELD_NAMES.join(', ')}, in that order.`,
  }),
  /** [8 emotions][fields]: change of the grade's fields that leads away from an evoked emotion. */
  map: z.array(z.array(z.number()).length(GRADE_FIELD_NAMES.length)).length(EMOTIONS.length),
  /** Weight of the cosine between that and an instruction's light. */
  weight: z.number().nonnegative(),
  /** Weight of the cosine between the emotion encoder's tokens and an instruction's embedding. */
  alignment: z.number().nonnegative(),
});
export type Leads = Pick<z.infer<typeof leadsSchema>, 'map' | 'weight' | 'alignment'>;

/** For bundles without the file: directions favour no light. */
export const NO_LEADS: Leads = {
  map: EMOTIONS.map(() => GRADE_FIELD_NAMES.map(() => 0)),
  weight: 0,
  alignment: 0,
};

/** @throws BankError MODEL_CORRUPT for a file that is there and cannot be used */
export async function readLeads(folder: string): Promise<Leads> {
  const path = join(folder, LEADS_FILE);
  let text: string;
  try {
    text = await readText(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return NO_LEADS;
    throw damaged(path, 'it cannot be read', cause);
  }
  try {
    return leadsSchema.parse(JSON.parse(text));
  } catch (cause) {
    const told = cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message;
    throw damaged(path, told, cause);
  }
}

const damaged = (path: string, what: string, cause: unknown) =>
  new BankError(
    'MODEL_CORRUPT',
    `The file ${path} cannot be used: ${what}.`,
    'Remove it, restore it from the repository, or write it again with “python -m emoeditor.fit_leads”.',
    cause,
  );
