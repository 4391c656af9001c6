import type { FakePhotoshop, SecretStore } from '@emoeditor/fake-photoshop';
import type { ItemMenu } from './views/menu.ts';

/** The panel's production bundle, as the build wraps it; see `wrapPanel` in webpack.config.js. */
type PanelBundle = (
  require: (name: string) => object,
  module: { exports: unknown },
  exports: unknown,
) => void;

declare global {
  interface Window {
    emoEditorPanel?: PanelBundle;
  }
}

const PANEL = 'emoeditor.panel';
const TOKEN_KEY = 'emoeditor.token';
const PORT_KEY = 'emoeditor.port';

/** The panel's keychain, kept for this tab alone: a reload needs no new code. */
export function tabSecrets(): SecretStore {
  return {
    get: (key) => sessionStorage.getItem(key),
    set: (key, value) => sessionStorage.setItem(key, value),
    remove: (key) => sessionStorage.removeItem(key),
  };
}

/**
 * Has the panel pair with the server that this page came from by the code in the address, which the terminal printed and
 * which works once. It is taken out of the address, so that it is in no history and no bookmark.
 */
export function pairWithOwnServer(secrets: SecretStore): void {
  localStorage.setItem(PORT_KEY, location.port);
  const code = /^#pair=([0-9A-Z]+)$/.exec(location.hash)?.[1];
  if (code === undefined) return;
  secrets.set(TOKEN_KEY, `link:${code}`);
  history.replaceState(null, '', location.pathname);
}

/** Runs the bundle in the fake Photoshop, unchanged, and lets it draw into `root`. @returns the panel's flyout menu */
export function runPanel(fake: FakePhotoshop, root: HTMLElement): ItemMenu {
  const bundle = window.emoEditorPanel;
  if (bundle === undefined) throw new Error('panel.js did not load. Run “npm run build” again.');
  const module = { exports: {} };
  bundle(fake.require, module, module.exports);
  // Recorded steps look their function up in the global scope.
  fake.actions.globals = window as unknown as Record<string, unknown>;
  const panel = fake.panel(PANEL);
  panel.create?.(root);
  panel.show?.(root, {});
  const { menuItems: items = [], invokeMenu } = panel;
  return { title: 'Menu', items, choose: (id) => invokeMenu?.(id) };
}
