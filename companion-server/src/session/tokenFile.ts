import { randomInt } from 'node:crypto';
import { chmod, mkdir, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  isPairingCode,
  normalisePairingCode,
  PAIRING_ALPHABET,
  PAIRING_CODE_LENGTH,
} from '@emoeditor/shared';
import { messageOf } from '../errors.ts';
import { writeWhole } from '../files/writeWhole.ts';
import { type Log, SILENT } from '../log.ts';

/** Only the user may read it. */
const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;

/**
 * The pairing token of this user, made at the first start: a panel that was paired once stays paired. Where it cannot
 * be kept, the server runs all the same with one for this start; one that is damaged is put aside. Both are told.
 */
export async function readToken(path: string, log: Log = SILENT): Promise<string> {
  try {
    const kept = await readIfThere(path);
    if (kept !== null && isPairingCode(kept.trim())) {
      // Copied or restored from somewhere, it may have become readable to others.
      await chmod(path, PRIVATE_FILE).catch(() => {});
      return normalisePairingCode(kept.trim());
    }
    if (kept !== null) {
      await rename(path, `${path}.damaged`);
      log.warn({ file: path }, 'the pairing code was damaged and put aside: pair the panel anew');
    }
    const token = newToken();
    await mkdir(dirname(path), { recursive: true, mode: PRIVATE_FOLDER });
    await writeWhole(path, `${token}\n`, { overwrite: true, mode: PRIVATE_FILE });
    return token;
  } catch (error) {
    log.warn(
      { file: path, reason: messageOf(error) },
      'the pairing code cannot be kept there: this one is for this start alone',
    );
    return newToken();
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
