import { randomInt } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  isPairingCode,
  normalisePairingCode,
  PAIRING_ALPHABET,
  PAIRING_CODE_LENGTH,
} from '@emoeditor/shared';
import { messageOf, StartError } from '../errors.ts';

/** Only the user may read it. */
const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;

/**
 * The pairing token of this user, made at the first start: a panel that was paired once stays paired.
 * @throws StartError TOKEN_FILE when it can be neither read nor written
 */
export async function readToken(path: string): Promise<string> {
  try {
    const kept = (await readIfThere(path))?.trim() ?? '';
    if (isPairingCode(kept)) {
      // Copied or restored from somewhere, it may have become readable to others.
      await chmod(path, PRIVATE_FILE);
      return normalisePairingCode(kept);
    }
    const token = newToken();
    await mkdir(dirname(path), { recursive: true, mode: PRIVATE_FOLDER });
    await writeFile(path, `${token}\n`, { mode: PRIVATE_FILE });
    // The mode above counts only for a file that was not there.
    await chmod(path, PRIVATE_FILE);
    return token;
  } catch (error) {
    throw new StartError(
      'TOKEN_FILE',
      `The pairing code cannot be kept in ${path}: ${messageOf(error)}.`,
      'Make that folder writable, or name another file in EMOEDITOR_TOKEN_FILE.',
      error,
    );
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** 50 random bits. */
function newToken(): string {
  return Array.from({ length: PAIRING_CODE_LENGTH }, () =>
    PAIRING_ALPHABET.charAt(randomInt(PAIRING_ALPHABET.length)),
  ).join('');
}
