import { join } from 'node:path';
import { EMOTIONS, type Emotion } from '@emoeditor/shared';
import * as z from 'zod';
import { readText } from '../files/readText.ts';
import type { InstructionLists } from '../pipeline/modelPorts.ts';
import { ModelError } from './modelError.ts';

/** File of a bundle in which the user may change its instructions; it has no checksum. */
export const INSTRUCTIONS_FILE = 'instructions.json';

/** Longest instruction in characters: more than fits the 75 tokens of a text encoder. */
const LONGEST = 500;

const listSchema = z
  .array(z.string().trim().min(1).max(LONGEST))
  .min(1, 'expected at least one instruction')
  .max(100);

/** Instructions for each emotion, for a model that follows text. */
export const instructionListsSchema = z.strictObject(
  Object.fromEntries(EMOTIONS.map((emotion) => [emotion, listSchema])) as Record<
    Emotion,
    typeof listSchema
  >,
);

/** @throws ModelError MODEL_CORRUPT saying what is wrong and where */
export async function readInstructionLists(folder: string): Promise<InstructionLists> {
  const path = join(folder, INSTRUCTIONS_FILE);
  const broken = (what: string, cause?: unknown) =>
    new ModelError(
      'MODEL_CORRUPT',
      `The instructions in ${path} cannot be used: ${what}`,
      `Give each of ${EMOTIONS.join(', ')} a list of sentences, or import the bundle again.`,
      cause,
    );
  let json: unknown;
  try {
    json = JSON.parse(await readText(path));
  } catch (cause) {
    throw broken(cause instanceof SyntaxError ? 'it is no JSON.' : 'it cannot be read.', cause);
  }
  const lists = instructionListsSchema.safeParse(json);
  if (!lists.success) throw broken(z.prettifyError(lists.error));
  return lists.data;
}
