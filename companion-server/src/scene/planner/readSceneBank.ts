import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { BANK_FILE, readBank } from '../bank/readBank.ts';
import { EMBEDDINGS_FILE, readEmbeddings } from '../bank/readEmbeddings.ts';
import type { ScoreParts } from './instructionScores.ts';
import { readLeads } from './readLeads.ts';

/**
 * The instructions of a bundle with their embeddings and leads; null for a bundle that has none.
 * @throws BankError MODEL_CORRUPT
 */
export async function readSceneBank(folder: string): Promise<ScoreParts | null> {
  if (!(await isThere(join(folder, BANK_FILE)))) return null;
  const [bank, leads] = await Promise.all([readBank(folder), readLeads(folder)]);
  const hasEmbeddings = await isThere(join(folder, EMBEDDINGS_FILE));
  return { bank, leads, embeddings: hasEmbeddings ? await readEmbeddings(folder) : null };
}

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
