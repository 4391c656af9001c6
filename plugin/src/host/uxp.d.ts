/** The part of UXP's `uxp` module that is used here. No package on npm types it without replacing lib.dom. */
declare module 'uxp' {
  export interface PanelHandlers {
    create?(rootNode: HTMLElement): void;
    show?(rootNode: HTMLElement, data: unknown): void;
    menuItems?: readonly { readonly id: string; readonly label: string }[];
    invokeMenu?(id: string): void;
    destroy?(rootNode: HTMLElement): void;
  }
  export interface SecureStorage {
    getItem(key: string): Promise<Uint8Array | null>;
    setItem(key: string, value: string): Promise<void>;
    removeItem(key: string): Promise<void>;
  }
  export const entrypoints: {
    setup(entrypoints: {
      plugin?: { create(): void; destroy?(): void };
      panels: Readonly<Record<string, PanelHandlers>>;
      commands?: Readonly<Record<string, { run(): Promise<void> }>>;
    }): void;
  };
  export const storage: { readonly secureStorage: SecureStorage };
  export const host: { readonly name: string; readonly version: string };
  export const versions: { readonly uxp: string; readonly plugin: string };
}
