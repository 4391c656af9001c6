import type { FakePhotoshop } from '@emoeditor/fake-photoshop';

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

/**
 * Pairs the panel with the server that this page came from, as a user would once with the pairing code.
 * @returns false when the page carries no token, so that the panel will ask for the code
 */
export function pairWithOwnServer(secrets: { set(key: string, value: string): void }): boolean {
  localStorage.setItem(PORT_KEY, location.port);
  const token = document.querySelector<HTMLMetaElement>('meta[name="emoeditor-token"]')?.content;
  if (!token) return false;
  secrets.set(TOKEN_KEY, token);
  return true;
}

/** Runs the bundle in the fake Photoshop, unchanged, and lets it draw into `root`. */
export function runPanel(fake: FakePhotoshop, root: HTMLElement): void {
  const bundle = window.emoEditorPanel;
  if (bundle === undefined) throw new Error('panel.js did not load. Run “npm run build” again.');
  const module = { exports: {} };
  bundle(fake.require, module, module.exports);
  // Where recorded steps find their function.
  fake.actions.globals = window as unknown as Record<string, unknown>;
  const panel = fake.panel(PANEL);
  panel.create?.(root);
  panel.show?.(root, {});
}
