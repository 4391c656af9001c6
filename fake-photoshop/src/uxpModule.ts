export interface Panel {
  create?(rootNode: unknown): void;
  show?(rootNode: unknown, data: unknown): void;
  destroy?(rootNode: unknown): void;
  /** The panel's flyout menu. */
  readonly menuItems?: readonly { readonly id: string; readonly label: string }[];
  invokeMenu?(id: string): void;
}

export interface Command {
  run(...args: unknown[]): unknown;
}

interface Entrypoints {
  readonly plugin?: { create?(): void; destroy?(): void };
  readonly panels?: Readonly<Record<string, Panel>>;
  readonly commands?: Readonly<Record<string, Command>>;
}

/** Where the fake keeps what `secureStorage` holds; a browser gives its localStorage. */
export interface SecretStore {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
}

export function memorySecrets(): SecretStore {
  const values = new Map<string, string>();
  return {
    get: (key) => values.get(key) ?? null,
    set: (key, value) => void values.set(key, value),
    remove: (key) => void values.delete(key),
  };
}

/** UXP's module and, for the host around it, the panels that the plugin set up. */
export function uxpModuleOf(secrets: SecretStore, pluginVersion: string) {
  let entrypoints: Entrypoints | null = null;
  return {
    /** What the plugin gave to `entrypoints.setup`; null before. */
    setUp: () => entrypoints,
    module: {
      entrypoints: {
        /** Once, and in the turn in which the bundle is loaded (entry-points.md). */
        setup(given: Entrypoints): void {
          if (entrypoints !== null) throw new Error('entrypoints.setup was called twice.');
          entrypoints = given;
          given.plugin?.create?.();
        },
      },
      storage: {
        secureStorage: {
          async getItem(key: string): Promise<Uint8Array | null> {
            const value = secrets.get(key);
            return value === null ? null : new TextEncoder().encode(value);
          },
          async setItem(key: string, value: string): Promise<void> {
            secrets.set(key, value);
          },
          async removeItem(key: string): Promise<void> {
            if (secrets.get(key) === null) throw new Error(`There is no item “${key}”.`);
            secrets.remove(key);
          },
        },
      },
      host: { name: 'EmoEditor Studio', version: '27.0.0', uiLocale: 'en_US' },
      versions: { uxp: 'uxp-9.0.0', plugin: pluginVersion },
    },
  };
}
