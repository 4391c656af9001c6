import {
  bytesToHex,
  type ClientMessageInput,
  hexToBytes,
  NONCE_BYTES,
  type PairingKey,
  PROTOCOL_VERSION,
  proofOf,
  type ServerMessage,
} from '@emoeditor/shared';

export const CLIENT = { name: 'test', version: '1.0.0' } as const;
/** A key that a test's server and its clients share from the start. */
export const PAIRING: PairingKey = {
  id: '0123456789abcdef',
  key: Uint8Array.from({ length: 32 }, (_, i) => i),
};

const NONCE = new Uint8Array(NONCE_BYTES).fill(7);
type Hello = Extract<ClientMessageInput, { type: 'hello' }>;

export const helloOf = ({ id }: Pick<PairingKey, 'id'> = PAIRING): Hello => ({
  type: 'hello',
  protocol: PROTOCOL_VERSION,
  client: CLIENT,
  pairing: id,
  nonce: bytesToHex(NONCE),
});

/** The client's answer to the challenge that {@link helloOf} brought. */
export function proofFor(
  challenge: Extract<ServerMessage, { type: 'challenge' }>,
  { key }: PairingKey = PAIRING,
): ClientMessageInput {
  const proof = proofOf('client', key, NONCE, hexToBytes(challenge.nonce));
  return { type: 'proof', proof: bytesToHex(proof) };
}
