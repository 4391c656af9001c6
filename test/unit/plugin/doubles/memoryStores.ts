import type { SettingsStore } from '@emoeditor/plugin/host/settingsStore.ts';
import type { TokenStore } from '@emoeditor/plugin/host/tokenStore.ts';

export function memorySettings(values: Record<string, string> = {}): SettingsStore & {
  values: Record<string, string>;
} {
  return {
    values,
    read: (key) => values[key] ?? null,
    write(key, value) {
      values[key] = value;
    },
  };
}

export function memoryTokens(token: string | null): TokenStore {
  let kept = token;
  return {
    read: async () => kept,
    async write(next) {
      kept = next;
    },
    async clear() {
      kept = null;
    },
  };
}
