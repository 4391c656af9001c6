import type { RecordedStep } from './actionModule.ts';
import type { ModalContext, ModalHost } from './modalHost.ts';
import type { DocumentModel } from './model.ts';
import { PhotoshopError } from './photoshopError.ts';

/** A step as the Actions panel keeps it: a plugin's function by name, or one of its menu items. */
export type ActionStep =
  | ({ readonly kind: 'method' } & RecordedStep)
  | { readonly kind: 'menu'; readonly name: string; readonly id: string };

export interface MenuItem {
  readonly id: string;
  readonly label: string;
}

type Handler = (context: ModalContext, info: unknown) => Promise<unknown>;

interface PluginSide {
  readonly modal: ModalHost;
  activeDocument(): DocumentModel | null;
  /** What the plugin gave to `entrypoints.setup` for a menu item. */
  command(id: string): { run(...args: unknown[]): unknown };
}

/**
 * Photoshop's Actions panel: records what a plugin adds and which of its menu items are chosen, and plays it. A step
 * knows its function by name only and looks it up in the plugin's global scope (action-recording.md).
 */
export class ActionsPanel {
  /** The plugin's global scope. */
  globals: Readonly<Record<string, unknown>> = {};
  /** `host.data.enableMenuRecording` of the manifest. */
  recordsMenuItems = true;
  readonly #plugin: PluginSide;
  #recording: ActionStep[] | null = null;

  constructor(plugin: PluginSide) {
    this.#plugin = plugin;
  }

  get isRecording(): boolean {
    return this.#recording !== null;
  }

  /** The steps recorded so far. */
  get recorded(): readonly ActionStep[] {
    return this.#recording ?? [];
  }

  startRecording(): void {
    this.#recording = [];
  }

  stopRecording(): ActionStep[] {
    const steps = this.#recording ?? [];
    this.#recording = null;
    return steps;
  }

  /** `recordAction` while nothing is being recorded leaves no step. */
  record(step: RecordedStep): void {
    this.#recording?.push({ kind: 'method', ...step });
  }

  /** The user chooses an item of the Plugins menu; it is recorded before it runs, as the menu items of Photoshop are. */
  async choose({ id, label }: MenuItem): Promise<void> {
    if (this.recordsMenuItems) this.#recording?.push({ kind: 'menu', id, name: label });
    await this.#plugin.command(id).run();
  }

  /**
   * Plays step by step; the first that throws ends the action.
   * @param asOneStep name of the one history step that the user chose to have the whole action make
   * @throws what the step threw
   */
  async play(
    steps: readonly ActionStep[],
    { asOneStep }: { asOneStep?: string } = {},
  ): Promise<void> {
    const { modal } = this.#plugin;
    const document = this.#plugin.activeDocument();
    const perform = async () => {
      for (const step of steps) await this.#perform(step);
    };
    if (asOneStep === undefined || document === null) return perform();
    await modal.history.ownedByAction(document, asOneStep, perform);
  }

  /** “Record Again”: performs the step and keeps what its function returned in place of its parameters (25.1). */
  async recordAgain(step: ActionStep): Promise<ActionStep> {
    const returned = await this.#perform(step);
    if (step.kind === 'menu' || returned === undefined) return step;
    return { ...step, info: structuredClone(returned) };
  }

  /** Waits until no modal scope is open: a panel may still be reading the document that just opened. */
  #whenFree(): Promise<void> {
    const { modal } = this.#plugin;
    if (!modal.isModal) return Promise.resolve();
    return new Promise((resolve) => {
      const stop = modal.onProgress((progress) => {
        if (progress !== null) return;
        stop();
        resolve(this.#whenFree());
      });
    });
  }

  async #perform(step: ActionStep): Promise<unknown> {
    await this.#whenFree();
    if (step.kind === 'menu') return this.#plugin.command(step.id).run();
    const handler = this.globals[step.methodName];
    if (typeof handler !== 'function') {
      // A function inside a bundler's closure is not found in the global scope (hyperbrew/bolt-uxp#45).
      throw new PhotoshopError(
        `The plugin action failed: there is no function “${step.methodName}” in its global scope.`,
      );
    }
    return this.#plugin.modal.executeAsModal(
      (context) => (handler as Handler)(context, structuredClone(step.info)),
      { commandName: step.name },
    );
  }
}
