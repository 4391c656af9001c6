import type { TokenStore } from './tokenStore.ts';

/** The part of `uxp.storage.secureStorage` that is used. */
interface SecureStorage {
  getItem(key: string): Promise<Uint8Array | null>;
  setItem(key: string, value: string): Promise<void>;
  removeItem(key: string): Promise<void>;
}

const KEY = 'emoeditor.token';

/** The key of the pairing in the keychain. It is a cache (Adobe's words): with a lost key the panel is paired again. */
export function secureTokenStore(storage: SecureStorage): TokenStore {
  return {
    async read() {
      try {
        const bytes = await storage.getItem(KEY);
        // Keys are kept as ASCII; UXP has no TextDecoder everywhere.
        return bytes === null || bytes === undefined || bytes.length === 0
          ? null
          : String.fromCharCode(...bytes);
      } catch {
        return null;
      }
    },
    write: (token) => storage.setItem(KEY, token),
    async clear() {
      try {
        await storage.removeItem(KEY);
      } catch {
        // Rejects when there was none.
      }
    },
  };
}
