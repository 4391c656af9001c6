import vm from 'node:vm';

export interface EntryPoints {
  readonly panels: readonly string[];
  readonly commands: readonly string[];
}

/** Answers to every property with itself, so that a bundle can start without a host. */
const anything: unknown = new Proxy(() => {}, {
  get: (_target, name) => (name === Symbol.toPrimitive ? () => '' : anything),
  apply: () => anything,
  construct: () => ({}),
  has: () => true,
});

/**
 * What the built bundle hands to `entrypoints.setup` while it is loaded, with code out of strings forbidden as in UXP.
 * @throws Error when it cannot be loaded so, or sets up nothing in that turn
 */
export function registeredEntryPoints(script: string): EntryPoints {
  let found: EntryPoints | null = null;
  const uxp = {
    entrypoints: {
      setup({ panels = {}, commands = {} }: { panels?: object; commands?: object }) {
        found = { panels: Object.keys(panels), commands: Object.keys(commands) };
      },
    },
    storage: { secureStorage: { getItem: async () => null } },
    host: { name: 'Photoshop', version: '25.1.0' },
    versions: { uxp: '7.3.0', plugin: '0.0.0' },
  };
  const context = vm.createContext(
    {
      require: (name: string) => (name === 'uxp' ? uxp : anything),
      module: { exports: {} },
      document: anything,
      localStorage: { getItem: () => null, setItem() {} },
      // Never called back: the bundle must not begin to look for its server here.
      setTimeout: () => 0,
      clearTimeout() {},
      WebSocket: class {
        close() {}
      },
      console,
    },
    { codeGeneration: { strings: false, wasm: false } },
  );
  vm.runInContext('var window = globalThis, self = globalThis;', context);
  vm.runInContext(script, context);
  if (found === null) {
    throw new Error(
      'Expected the bundle to call entrypoints.setup while it is loaded; it did not.',
    );
  }
  return found;
}
