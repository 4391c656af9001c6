import {
  newPoolKeys,
  sealsOfArtist,
  sealsOfPool,
} from '@emoeditor/companion-server/cluster/sealing.ts';
import { describe, expect, it } from 'vitest';

const pool = newPoolKeys();
const secretOf = (fill: number) => Buffer.alloc(32, fill).toString('base64url');
const chunk = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);

function bothSides(key: string, secret = secretOf(1)) {
  const { share, sealOf } = sealsOfArtist(secret, pool.public, key);
  return { gateway: sealOf, worker: sealsOfPool(pool.secret, share, key), share };
}

describe('sealed pictures', () => {
  it('are opened by the workers, and theirs by the gateway, one that was started again too', () => {
    const { gateway, worker } = bothSides('job');
    const sealed = gateway('object').seal(chunk, 0, true);
    expect(Buffer.from(sealed).includes(Buffer.from(chunk.subarray(0, 16)))).toBe(false);
    expect(Uint8Array.from(worker('object').open(sealed, 0, true))).toEqual(chunk);
    const back = worker('result').seal(chunk, 3, false);
    const again = bothSides('job').gateway('result').open(back, 3, false);
    expect(Uint8Array.from(again)).toEqual(chunk);
  });

  it.each([
    ['another place', 'object', 1, true],
    ['the middle of an object that it ended', 'object', 0, false],
    ['another object', 'other', 0, true],
  ] as const)('are refused in %s', (_name, object, part, isLast) => {
    const { gateway, worker } = bothSides('job');
    const sealed = gateway('object').seal(chunk, 0, true);
    expect(() => worker(object).open(sealed, part, isLast)).toThrow();
  });

  it('are refused when a byte was changed, and without their tag', () => {
    const { gateway, worker } = bothSides('job');
    const sealed = gateway('object').seal(chunk, 0, true);
    expect(() => worker('object').open(sealed.subarray(0, -1), 0, true)).toThrow();
    sealed[5] = (sealed[5] as number) ^ 1;
    expect(() => worker('object').open(sealed, 0, true)).toThrow();
  });

  it('are not opened by another artist, for another edit, or with another pool’s key', () => {
    const { gateway, share } = bothSides('job');
    const sealed = gateway('object').seal(chunk, 0, true);
    expect(() => bothSides('job', secretOf(2)).gateway('object').open(sealed, 0, true)).toThrow();
    expect(() => bothSides('other').worker('object').open(sealed, 0, true)).toThrow();
    const stranger = sealsOfPool(newPoolKeys().secret, share, 'job');
    expect(() => stranger('object').open(sealed, 0, true)).toThrow();
  });
});
