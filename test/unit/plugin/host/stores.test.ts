import { localStorageSettings } from '@emoeditor/plugin/host/localStorageSettings.ts';
import { secureTokenStore } from '@emoeditor/plugin/host/secureTokenStore.ts';
import { describe, expect, it } from 'vitest';

describe('secureTokenStore', () => {
  const storage = () => {
    const kept = new Map<string, Uint8Array>();
    return {
      kept,
      getItem: async (key: string) => kept.get(key) ?? null,
      setItem: async (key: string, value: string) =>
        void kept.set(key, new TextEncoder().encode(value)),
      removeItem: async (key: string) => {
        if (!kept.delete(key)) throw new Error('not found');
      },
    };
  };

  it('[UX5] keeps the code under its one key, reads bytes back as text, and forgets', async () => {
    const backing = storage();
    const tokens = secureTokenStore(backing);
    expect(await tokens.read()).toBeNull();
    await tokens.write('7K3MQX9TRB');
    expect([...backing.kept.keys()]).toEqual(['emoeditor.token']);
    expect(await tokens.read()).toBe('7K3MQX9TRB');
    await tokens.clear();
    await tokens.clear();
    expect(await tokens.read()).toBeNull();
  });

  it('asks again rather than fails when the keychain is broken', async () => {
    const broken = {
      ...storage(),
      getItem: async () => {
        throw new Error('keychain locked');
      },
    };
    expect(await secureTokenStore(broken).read()).toBeNull();
  });
});

it('localStorageSettings keeps to its own prefix', () => {
  const kept = new Map<string, string>();
  const settings = localStorageSettings({
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
  });
  settings.write('port', '8766');
  expect([...kept]).toEqual([['emoeditor.port', '8766']]);
  expect(settings.read('port')).toBe('8766');
});
