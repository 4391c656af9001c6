import { localStorageSettings } from '@emoeditor/plugin/host/localStorageSettings.ts';
import type { SettingsStore } from '@emoeditor/plugin/host/settingsStore.ts';
import { JSDOM } from 'jsdom';
import { describe, expect, it } from 'vitest';
import { memorySettings } from '../unit/plugin/doubles/memoryStores.ts';

const browserStorage = () => new JSDOM('', { url: 'https://panel.example/' }).window.localStorage;

/** The adapter, and the double that the panel's tests use. */
const STORES: ReadonlyArray<readonly [string, () => SettingsStore]> = [
  ['localStorage', () => localStorageSettings(browserStorage())],
  ['in memory', () => memorySettings()],
];

describe.each(STORES)('a store of settings: %s', (_name, create) => {
  it('has nothing under a key that was never written', () => {
    expect(create().read('choices')).toBeNull();
  });

  it('gives back the last text under its own key', () => {
    const store = create();
    store.write('choices', '{"intensity":80}');
    store.write('port', '8766');
    store.write('choices', '');
    expect(store.read('choices')).toBe('');
    expect(store.read('port')).toBe('8766');
  });
});
