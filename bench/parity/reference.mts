import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { PYTHON } from '../engine/python.mts';

const TRAINING = join(import.meta.dirname, '../../training');

/**
 * The folder of a part's networks with what PyTorch makes of them, written where it is not there yet.
 * @throws Error when Python ends with one
 */
export async function referenceOf(part: string, root: string, isTiny: boolean): Promise<string> {
  const folder = join(root, part);
  // Written last.
  const isThere = await access(join(folder, 'io.safetensors')).then(
    () => true,
    () => false,
  );
  if (isThere) return folder;
  const args = ['-m', 'golden.full', part, root, ...(isTiny ? ['--tiny'] : [])];
  const child = spawn(PYTHON, args, { cwd: TRAINING, stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = await once(child, 'exit');
  if (code === 0) return folder;
  throw new Error(
    `${PYTHON} ${args.join(' ')} ended with exit code ${code}; EMOEDITOR_PYTHON names another interpreter.`,
  );
}
