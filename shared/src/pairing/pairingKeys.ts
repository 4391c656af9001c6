import { bytesToHex, concatBytes, hexToBytes } from '@noble/curves/utils.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { asciiBytes } from './asciiBytes.ts';
import { type CpaceRun, startCpace } from './cpace.ts';

/** What a panel and a server know of each other once they are paired. Neither ever sends the key. */
export interface PairingKey {
  /** Names the key and tells nothing about it; 16 hexadecimal digits. */
  readonly id: string;
  /** 256 bits. */
  readonly key: Uint8Array;
}

/** Bytes of every nonce. */
export const NONCE_BYTES = 32;

const CHANNEL = asciiBytes('EmoEditor pairing 1');
const mac = (key: Uint8Array, label: string, ...parts: readonly Uint8Array[]) =>
  hmac(sha256, key, concatBytes(asciiBytes(`EmoEditor ${label}\0`), ...parts));

/** One try to pair by a code; @param session the client's nonce. */
export function startPairing(
  role: 'client' | 'server',
  code: string,
  session: Uint8Array,
  random: Uint8Array,
): CpaceRun {
  return startCpace({ code: asciiBytes(code), channel: CHANNEL, session, role, random });
}

/** What follows from the secret of a try. The client proves first, so that the server counts every wrong code. */
export function pairingFrom(secret: Uint8Array): {
  readonly pairing: PairingKey;
  readonly clientProof: Uint8Array;
  readonly serverProof: Uint8Array;
} {
  return {
    pairing: { id: bytesToHex(mac(secret, 'id')).slice(0, 16), key: mac(secret, 'key') },
    clientProof: mac(secret, 'client has the code'),
    serverProof: mac(secret, 'server has the code'),
  };
}

/** Proof that one side has the key, over what both sides drew for this connection. */
export function proofOf(
  side: 'client' | 'server',
  key: Uint8Array,
  clientNonce: Uint8Array,
  serverNonce: Uint8Array,
): Uint8Array {
  return mac(key, `${side} has the key`, clientNonce, serverNonce);
}

/**
 * The key that takes this one's place, over what both sides drew for a connection, so that neither sends it. Whoever has
 * an old copy of the key alone cannot tell it.
 */
export function nextPairing(
  key: Uint8Array,
  clientNonce: Uint8Array,
  serverNonce: Uint8Array,
): PairingKey {
  const next = mac(key, 'next key', clientNonce, serverNonce);
  return { id: bytesToHex(mac(next, 'id')).slice(0, 16), key: next };
}

/** In a time that does not depend on where they differ. */
export function areEqual(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let i = 0; i < one.length; i++) difference |= (one[i] as number) ^ (other[i] as number);
  return difference === 0;
}

/** As one text, for a store of secrets. */
export const formatPairingKey = ({ id, key }: PairingKey): string => `${id}.${bytesToHex(key)}`;

/** Null for anything else. */
export function parsePairingKey(text: string | null): PairingKey | null {
  const [, id, key] = /^([0-9a-f]{16})\.([0-9a-f]{64})$/.exec(text ?? '') ?? [];
  return id === undefined || key === undefined ? null : { id, key: hexToBytes(key) };
}

export { bytesToHex, hexToBytes };
