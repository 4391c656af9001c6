import { createHash, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

/** The verified prefix of a partly written weights file. */
export interface KeptWeights {
  readonly count: number;
  readonly bytes: number;
  /** SHA-256 state after these bytes; updated with those that follow. */
  readonly hash: Hash;
}

const CHUNK = 2 ** 20;

/**
 * Reads what an interrupted run has written, up to the last weight whose recorded checksum still matches.
 * @param ends where each weight of the file ends
 * @param noted after each weight, the SHA-256 of the file up to its end
 */
export async function readKept(
  file: FileHandle,
  ends: readonly number[],
  noted: readonly string[],
  { signal, onWeight }: { readonly signal: AbortSignal; readonly onWeight: () => void },
): Promise<KeptWeights> {
  let kept: KeptWeights = { count: 0, bytes: 0, hash: createHash('sha256') };
  for (const [index, sha256] of noted.entries()) {
    signal.throwIfAborted();
    const end = ends[index];
    if (end === undefined) break;
    const hash = kept.hash.copy();
    await addRange(hash, file, kept.bytes, end);
    if (hash.copy().digest('hex') !== sha256) break;
    kept = { count: index + 1, bytes: end, hash };
    onWeight();
  }
  return kept;
}

/** Hashes a byte range; less of it when the file ends before. */
async function addRange(hash: Hash, file: FileHandle, from: number, to: number): Promise<void> {
  const buffer = Buffer.alloc(Math.min(CHUNK, to - from));
  for (let at = from; at < to; ) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, to - at), at);
    if (bytesRead === 0) return;
    hash.update(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
}
