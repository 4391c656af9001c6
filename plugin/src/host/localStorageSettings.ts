import type { SettingsStore } from './settingsStore.ts';

/** Settings in UXP's localStorage, under `emoeditor.<key>`. The user may clear it at any time. */
export function localStorageSettings(storage: Pick<Storage, 'getItem' | 'setItem'>): SettingsStore {
  return {
    read: (key) => storage.getItem(`emoeditor.${key}`),
    write: (key, value) => storage.setItem(`emoeditor.${key}`, value),
  };
}
