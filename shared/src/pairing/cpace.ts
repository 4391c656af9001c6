import { ristretto255 } from '@noble/curves/ed25519.js';
import { bytesToNumberLE, concatBytes } from '@noble/curves/utils.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { asciiBytes } from './asciiBytes.ts';

/**
 * CPace, a password-authenticated key exchange: two sides that know the same short code come to the same secret, and
 * whoever listens or pretends can test one code a try, with the other side's help, and none afterwards.
 * Suite CPACE-RISTR255-SHA512, initiator and responder. Group and hash are @noble's.
 * Source: draft-irtf-cfrg-cpace-21, sections 6.2, 7 and 8.3.
 */
export interface CpaceRun {
  /** What the other side needs, 32 bytes. */
  readonly share: Uint8Array;
  /**
   * The secret, 64 bytes; the two sides have the same one if they had the same code.
   * @throws Error when the other side's share is no valid point
   */
  finish(other: Uint8Array): Uint8Array;
}

export interface CpaceInput {
  readonly code: Uint8Array;
  /** What both sides are, bound into the exchange. */
  readonly channel: Uint8Array;
  /** Differs from run to run. */
  readonly session: Uint8Array;
  /** The client begins. */
  readonly role: 'client' | 'server';
  /** 32 random bytes, used once. */
  readonly random: Uint8Array;
}

const { Point } = ristretto255;
const DSI = asciiBytes('CPaceRistretto255');
const DSI_ISK = asciiBytes('CPaceRistretto255_ISK');
/** Input block of SHA-512. */
const BLOCK_BYTES = 128;
/** Associated data of the two sides; the draft's test vectors have the same. */
const [CLIENT_DATA, SERVER_DATA] = [asciiBytes('ADa'), asciiBytes('ADb')];

export function startCpace({ code, channel, session, role, random }: CpaceInput): CpaceRun {
  const secret = scalarOf(random);
  const own = generatorOf(code, channel, session).multiply(secret).toBytes();
  return {
    share: own,
    finish(other) {
      const point = Point.fromBytes(other).multiply(secret);
      if (point.is0()) throw new Error('Expected a share that is not the neutral element.');
      const [client, server] = role === 'client' ? [own, other] : [other, own];
      return sha512(
        concatBytes(
          withLengths(DSI_ISK, session, point.toBytes()),
          withLengths(client, CLIENT_DATA),
          withLengths(server, SERVER_DATA),
        ),
      );
    },
  };
}

/** Bits above the group's order cleared, as the draft samples scalars. */
function scalarOf(random: Uint8Array): bigint {
  const bytes = random.slice();
  bytes[31] = (bytes[31] as number) & 0x0f;
  const scalar = bytesToNumberLE(bytes);
  if (scalar === 0n) throw new Error('Expected random bytes but received zeros.');
  return scalar;
}

function generatorOf(code: Uint8Array, channel: Uint8Array, session: Uint8Array) {
  const used = withLengths(DSI).length + withLengths(code).length;
  const padding = new Uint8Array(Math.max(0, BLOCK_BYTES - used - 1));
  return Point.hashToCurve(sha512(withLengths(DSI, code, padding, channel, session)));
}

/** Each part with its length before it, in LEB128. */
function withLengths(...parts: readonly Uint8Array[]): Uint8Array {
  return concatBytes(...parts.flatMap((part) => [lengthBytes(part.length), part]));
}

function lengthBytes(length: number): Uint8Array {
  const bytes: number[] = [];
  let rest = length;
  while (rest > 127) {
    bytes.push((rest & 127) | 128);
    rest >>>= 7;
  }
  return Uint8Array.from([...bytes, rest]);
}
