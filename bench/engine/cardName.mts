import { execFile } from 'node:child_process';
import { cpus } from 'node:os';
import { promisify } from 'node:util';
import type { Contender } from './contender.mts';

/** The graphics card as PyTorch or its driver calls it; null where neither says. */
export async function cardName(contenders: readonly Contender[]): Promise<string | null> {
  const told = contenders.find(({ facts }) => facts.card !== undefined)?.facts.card;
  if (told !== undefined) return told;
  // Apple's chips are both.
  if (process.platform === 'darwin') return cpus()[0]?.model ?? null;
  const query = ['--query-gpu=name', '--format=csv,noheader'];
  const { stdout } = await promisify(execFile)('nvidia-smi', query).catch(() => ({ stdout: '' }));
  return stdout.split('\n', 1)[0]?.trim() || null;
}
