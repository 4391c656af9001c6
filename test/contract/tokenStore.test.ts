import { FakePhotoshop } from '@emoeditor/fake-photoshop';
import { secureTokenStore } from '@emoeditor/plugin/host/secureTokenStore.ts';
import type { TokenStore } from '@emoeditor/plugin/host/tokenStore.ts';
import { describe, expect, it } from 'vitest';
import { memoryTokens } from '../unit/plugin/doubles/memoryStores.ts';

type SecureStorage = Parameters<typeof secureTokenStore>[0];

function keychain(): TokenStore {
  const fake = new FakePhotoshop({ encodeJpeg: async () => new Uint8Array() });
  const { storage } = fake.require('uxp') as { storage: { secureStorage: SecureStorage } };
  return secureTokenStore(storage.secureStorage);
}

/** The adapter over the fake Photoshop's keychain, and the double that the panel's tests use. */
const STORES: ReadonlyArray<readonly [string, () => TokenStore]> = [
  ['keychain', keychain],
  ['in memory', () => memoryTokens(null)],
];

describe.each(STORES)('a store of the pairing’s key: %s', (_name, create) => {
  it('has none before one was written', async () => {
    expect(await create().read()).toBeNull();
  });

  it('gives back the last one', async () => {
    const store = create();
    await store.write('first');
    await store.write('0123456789abcdef');
    expect(await store.read()).toBe('0123456789abcdef');
  });

  it('forgets it, also when there is none', async () => {
    const store = create();
    await store.clear();
    await store.write('key');
    await store.clear();
    await store.clear();
    expect(await store.read()).toBeNull();
  });
});
