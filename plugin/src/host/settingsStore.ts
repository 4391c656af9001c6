/** Small settings that outlive the panel. Losing them costs the user nothing but a choice. */
export interface SettingsStore {
  read(key: string): string | null;
  write(key: string, value: string): void;
}
