import type { DocumentModel } from './model.ts';
import { PhotoshopError } from './photoshopError.ts';

/** Error number of executeAsModal while another scope holds Photoshop (executeasmodal.md, "Exclusivity"). */
const HOST_IS_MODAL = 9;

export interface ModalContext {
  readonly isCancelled: boolean;
  onCancel: ((event?: unknown) => void) | undefined;
  reportProgress(progress: { value?: number; commandName?: string }): void;
  readonly hostControl: {
    suspendHistory(options: { documentID: number; name: string }): Promise<number>;
    resumeHistory(id: number, commit?: boolean): Promise<void>;
  };
}

/** What the modal progress bar shows. */
export interface ModalProgress {
  readonly title: string;
  /** 0 to 1; null before anything was reported. */
  readonly value: number | null;
}

interface Suspension {
  readonly document: DocumentModel;
  readonly name: string;
  readonly before: DocumentModel['content'];
}

/**
 * The lock under which documents may change; one scope at a time (Photoshop also allows a plugin to nest them). When
 * the scope throws, every document is as it was; otherwise what changed outside a suspension becomes one step.
 */
export class ModalHost {
  readonly #documents: () => readonly DocumentModel[];
  readonly #listeners = new Set<(progress: ModalProgress | null) => void>();
  readonly #suspensions = new Map<number, Suspension>();
  #context: ModalContext | null = null;
  #progress: ModalProgress | null = null;
  #isCancelled = false;
  #lastSuspension = 0;
  /** True while a dialog or tool of Photoshop's own is open: then every plugin is refused. */
  isBusy = false;

  constructor(documents: () => readonly DocumentModel[]) {
    this.#documents = documents;
  }

  get isModal(): boolean {
    return this.#context !== null;
  }

  get progress(): ModalProgress | null {
    return this.#progress;
  }

  /** @throws PhotoshopError outside a modal scope (executeasmodal.md: "… is not allowed outside modal") */
  assertModal(what: string): void {
    if (this.isModal) return;
    throw new PhotoshopError(
      `${what} may modify the state of Photoshop. Such calls are only allowed from inside a modal scope.`,
    );
  }

  async executeAsModal<T>(
    work: (context: ModalContext, descriptor?: unknown) => Promise<T> | T,
    options: { commandName: string },
  ): Promise<T> {
    if (this.isBusy || this.#context !== null) {
      throw new PhotoshopError('host is in a modal state', HOST_IS_MODAL);
    }
    const before = this.#documents().map((document) => ({ document, content: document.content }));
    this.#isCancelled = false;
    this.#context = this.#newContext();
    this.#show({ title: options.commandName, value: null });
    try {
      const result = await work(this.#context);
      for (const { document, content } of before) {
        // Nothing changed in this time, e.g. a layer was read after another was selected: no step.
        if (document.content !== content) document.commit(options.commandName);
      }
      return result;
    } catch (error) {
      for (const { document, content } of before) {
        if (document.content !== content) document.change(content);
      }
      throw error;
    } finally {
      this.#suspensions.clear();
      this.#context = null;
      this.#show(null);
    }
  }

  /** The user presses Escape or the cancel button of the progress bar. */
  cancel(): void {
    if (this.#context === null || this.#isCancelled) return;
    this.#isCancelled = true;
    this.#context.onCancel?.({ reason: 'user' });
  }

  onProgress(listener: (progress: ModalProgress | null) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #newContext(): ModalContext {
    const isCancelled = () => this.#isCancelled;
    return {
      get isCancelled() {
        return isCancelled();
      },
      onCancel: undefined,
      reportProgress: ({ value, commandName }) => {
        const { title = '', value: last = null } = this.#progress ?? {};
        this.#show({ title: commandName ?? title, value: value ?? last });
      },
      hostControl: {
        suspendHistory: async ({ documentID, name }) => {
          const document = this.#documents().find(({ id }) => id === documentID);
          if (document === undefined)
            throw new PhotoshopError(`No document ${documentID} is open.`);
          this.#lastSuspension += 1;
          const suspension = { document, name, before: document.content };
          this.#suspensions.set(this.#lastSuspension, suspension);
          return this.#lastSuspension;
        },
        resumeHistory: async (id, commit = true) => {
          const suspension = this.#suspensions.get(id);
          if (suspension === undefined) throw new PhotoshopError(`No history suspension ${id}.`);
          this.#suspensions.delete(id);
          const { document, name, before } = suspension;
          if (commit) document.commit(name);
          else document.change(before);
        },
      },
    };
  }

  #show(progress: ModalProgress | null): void {
    this.#progress = progress;
    for (const listener of this.#listeners) listener(progress);
  }
}
