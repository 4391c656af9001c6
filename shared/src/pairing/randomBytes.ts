import { concatBytes } from '@noble/curves/utils.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { asciiBytes } from './asciiBytes.ts';

interface Randomness {
  readonly crypto?: { getRandomValues(bytes: Uint8Array): Uint8Array };
}

/** Draws of the fallback: 52 bits each, four times what the hash takes in. */
const DRAWS = 64;

/**
 * Random bytes, at most 64. Where the host has no `crypto`, which UXP does not promise, they are a hash of many draws of
 * the engine's own generator, which the system seeds, and of the clock: nobody outside this process sees either.
 */
export function randomBytes(
  length: number,
  host: Randomness = globalThis as Randomness,
): Uint8Array {
  if (host.crypto !== undefined) return host.crypto.getRandomValues(new Uint8Array(length));
  const draws = Array.from({ length: DRAWS }, () => asciiBytes(`${Math.random()} ${Date.now()} `));
  return sha512(concatBytes(...draws)).slice(0, length);
}
