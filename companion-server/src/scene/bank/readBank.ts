import { join } from 'node:path';
import type * as z from 'zod';
import { readText } from '../../files/readText.ts';
import { BankError } from './bankError.ts';
import { bankSchema, type InstructionBank, type SceneInstruction } from './bankSchema.ts';
import { ELEMENTS } from './elements.ts';
import { bothNeeds, type Needs } from './needs.ts';

/** File of a bundle in which the user may change its instructions; it has no checksum. */
export const BANK_FILE = 'instructions.json';

/**
 * The instruction bank of a bundle.
 * @throws BankError MODEL_CORRUPT naming the instruction, and saying what was expected, what came and what to do
 */
export async function readBank(folder: string): Promise<InstructionBank> {
  const path = join(folder, BANK_FILE);
  const text = await readText(path).catch((cause: unknown) => {
    throw unusable(path, 'Expected an instruction bank, but the file cannot be read.', cause);
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw unusable(path, `Expected JSON, but ${(cause as Error).message}.`, cause);
  }
  return parseBank(json, path);
}

/** @throws BankError MODEL_CORRUPT as `readBank` does; `path` is where the bank came from */
export function parseBank(json: unknown, path: string): InstructionBank {
  if (typeof json === 'object' && json !== null && !('format' in json)) {
    throw unusable(
      path,
      'Expected { "format": 1, "instructions": […] }, but there is no “format”. Lists of sentences by emotion are for models that follow text.',
    );
  }
  const bank = bankSchema.safeParse(json);
  if (!bank.success) throw unusable(path, sentenceOf(bank.error, json), bank.error);
  return bank.data;
}

/** All needs of an instruction: its own and those of its elements. */
export function needsOf({ needs, elements }: Pick<SceneInstruction, 'needs' | 'elements'>): Needs {
  return elements.reduce<Needs>(
    (all, { element }) => bothNeeds(all, ELEMENTS[element].needs),
    needs as Needs,
  );
}

const unusable = (path: string, what: string, cause?: unknown) =>
  new BankError(
    'MODEL_CORRUPT',
    `The instruction bank ${path} cannot be used. ${what}`,
    'Correct the file, or restore it from the repository.',
    cause,
  );

/** The first validation error as a sentence that names the instruction it is in. */
function sentenceOf({ issues }: z.ZodError, json: unknown): string {
  const [issue] = issues;
  if (issue === undefined) return '';
  const [list, index, ...rest] = issue.path;
  const count = issues.length === 1 ? '' : ` (The first of ${issues.length} faults.)`;
  if (list !== 'instructions' || typeof index !== 'number') {
    return `${issue.path.join('.')}: ${issue.message}${count}`;
  }
  const entry = (json as { instructions: readonly unknown[] }).instructions[index];
  const id = typeof entry === 'object' && entry !== null && 'id' in entry ? ` “${entry.id}”` : '';
  const where = rest.length === 0 ? '' : `, ${rest.join('.')}`;
  return `Instruction ${index + 1}${id}${where}: ${issue.message}${count}`;
}
