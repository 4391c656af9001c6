import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';

/**
 * Pictures that the NATS server cannot read. Each edit has an X25519 pair of its own, derived from the artist's secret, so
 * that a gateway that was started again derives it again; the workers share the pool's pair. Both sides come to the same
 * root key, and each object has its own AES-256-GCM key from it. An object's id is never used twice, so no key meets a
 * nonce again; the nonce holds the chunk's number and whether it is the last, so chunks cannot be cut, swapped or moved.
 */
export interface Seal {
  /** @returns the chunk and 16 bytes more */
  seal(chunk: Uint8Array, part: number, isLast: boolean): Uint8Array;
  /** @throws Error when the chunk is not the one that was sealed in this place */
  open(chunk: Uint8Array, part: number, isLast: boolean): Uint8Array;
}

/** Makes the seal of each object of one edit; null leaves them as they are. */
export type SealOf = ((object: string) => Seal) | null;

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** DER around a raw key (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex');
const SPKI = Buffer.from('302a300506032b656e032100', 'hex');

const privateKeyOf = (raw: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PKCS8, raw]), format: 'der', type: 'pkcs8' });
const publicKeyOf = (raw: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.concat([SPKI, raw]), format: 'der', type: 'spki' });
const rawPublic = (key: KeyObject): Buffer =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-KEY_BYTES);
const derived = (key: Uint8Array, salt: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', key, salt, purpose, KEY_BYTES));

/** A new pair for a pool of workers, raw, 32 bytes each, base64url. */
export function newPoolKeys(): { readonly secret: string; readonly public: string } {
  const { privateKey } = generateKeyPairSync('x25519');
  const der = privateKey.export({ format: 'der', type: 'pkcs8' });
  return {
    secret: der.subarray(-KEY_BYTES).toString('base64url'),
    public: rawPublic(privateKey).toString('base64url'),
  };
}

/** The public key to a pool's secret one, raw, base64url. */
export const publicOf = (secret: string): string =>
  rawPublic(privateKeyOf(Buffer.from(secret, 'base64url'))).toString('base64url');

/**
 * The gateway's side.
 * @param secret of the artist, base64url
 * @param pool public key of the workers, base64url
 * @returns what the edit's message must carry so that workers come to the same keys
 */
export function sealsOfArtist(
  secret: string,
  pool: string,
  key: string,
): { readonly share: string; readonly sealOf: NonNullable<SealOf> } {
  const own = privateKeyOf(derived(Buffer.from(secret, 'base64url'), key, 'job x25519'));
  const sealOf = sealsOf(own, Buffer.from(pool, 'base64url'), key);
  return { share: rawPublic(own).toString('base64url'), sealOf };
}

/** The worker's side: the seals of an edit by what its message carries. */
export const sealsOfPool = (secret: string, share: string, key: string): NonNullable<SealOf> =>
  sealsOf(privateKeyOf(Buffer.from(secret, 'base64url')), Buffer.from(share, 'base64url'), key);

function sealsOf(own: KeyObject, theirs: Uint8Array, key: string): NonNullable<SealOf> {
  const shared = diffieHellman({ privateKey: own, publicKey: publicKeyOf(theirs) });
  const root = derived(shared, key, 'job root');
  return (object) => sealWith(derived(root, '', `object ${object}`));
}

function sealWith(key: Uint8Array): Seal {
  const nonceOf = (part: number, isLast: boolean) => {
    const nonce = Buffer.alloc(NONCE_BYTES);
    nonce.writeUInt32BE(part, NONCE_BYTES - 4);
    nonce[0] = Number(isLast);
    return nonce;
  };
  return {
    seal(chunk, part, isLast) {
      const cipher = createCipheriv('aes-256-gcm', key, nonceOf(part, isLast));
      return Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()]);
    },
    open(chunk, part, isLast) {
      const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(part, isLast));
      decipher.setAuthTag(chunk.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(chunk.subarray(0, -TAG_BYTES)), decipher.final()]);
    },
  };
}
