import { HistoryControl, type Suspension } from './historyControl.ts';
import type { DocumentModel } from './model.ts';
import { PhotoshopError } from './photoshopError.ts';

/** Error number of executeAsModal while another scope holds Photoshop (executeasmodal.md, "Options parameter"). */
const HOST_IS_MODAL = 9;
/** Result of a command after the user cancelled (batchplay.md, "Errors"). */
const USER_CANCELLED = -128;

/** Argument of the target function. Its properties are not enumerable: spreading it gives an empty object. */
export interface ModalContext {
  readonly isCancelled: boolean;
  onCancel: ((event?: unknown) => void) | undefined;
  reportProgress(progress: { value?: number; commandName?: string }): void;
  readonly hostControl: {
    suspendHistory(options: { documentID: number; name: string }): Promise<Suspension | number>;
    resumeHistory(suspension: Suspension | number, commit?: boolean): Promise<void>;
  };
}

/** What the modal progress bar shows. */
export interface ModalProgress {
  readonly title: string;
  /** 0 to 1; null before anything was reported. */
  readonly value: number | null;
}

export interface ModalOptions {
  readonly commandName: string;
  /** Seconds for which a busy host is waited for (25.10). */
  readonly timeOut?: number;
}

/**
 * Tells whether code runs within a modal scope. Photoshop knows; a browser cannot, and treats every call as coming from
 * another scope.
 */
export interface ScopeTrace {
  run<T>(work: () => Promise<T>): Promise<T>;
  isWithin(): boolean;
}

const UNTRACED: ScopeTrace = { run: (work) => work(), isWithin: () => false };

/**
 * The lock under which documents may change (AdobeDocs/uxp-photoshop, ps-reference/media/executeasmodal.md). One plugin
 * holds it at a time; scopes within its own share the progress bar, the cancel and the suspended histories.
 */
export class ModalHost {
  readonly history: HistoryControl;
  readonly #trace: ScopeTrace;
  readonly #listeners = new Set<(progress: ModalProgress | null) => void>();
  readonly #contexts: ModalContext[] = [];
  #progress: ModalProgress | null = null;
  #isCancelled = false;
  /** True while a dialog or tool of Photoshop's own is open: then every plugin is refused. */
  isBusy = false;
  /** How often a scope was entered, and how often it was refused. */
  entered = 0;
  refused = 0;

  constructor(documents: () => readonly DocumentModel[], trace: ScopeTrace = UNTRACED) {
    this.history = new HistoryControl(documents);
    this.#trace = trace;
  }

  get isModal(): boolean {
    return this.#contexts.length > 0;
  }

  get progress(): ModalProgress | null {
    return this.#progress;
  }

  /** @throws PhotoshopError outside a modal scope, and after the user cancelled it ("User cancellation") */
  assertModal(what: string): void {
    if (!this.isModal) {
      throw new PhotoshopError(
        `${what} may modify the state of Photoshop. Such calls are only allowed from inside a modal scope.`,
      );
    }
    this.assertNotCancelled();
  }

  assertNotCancelled(): void {
    if (this.isModal && this.#isCancelled) {
      throw new PhotoshopError('User cancelled the operation.', USER_CANCELLED);
    }
  }

  /** A change of a document: a step of that name in its history, unless the history is suspended. */
  edit(document: DocumentModel, step: string, what: string, change: () => void): void {
    this.assertModal(what);
    change();
    if (this.history.isSuspended(document)) this.history.noteChange(document, step);
    else document.commit(step);
  }

  async executeAsModal<T>(
    work: (context: ModalContext, descriptor?: unknown) => Promise<T> | T,
    options: ModalOptions,
  ): Promise<T> {
    if (typeof options?.commandName !== 'string') {
      throw new PhotoshopError('executeAsModal: commandName is required.');
    }
    if (this.isModal && this.#trace.isWithin()) return this.#nested(work);
    const { timeOut = 0 } = options;
    if (timeOut > 0 && (this.isBusy || this.isModal)) await this.#free(timeOut);
    if (this.isBusy || this.isModal) {
      this.refused += 1;
      throw new PhotoshopError('host is in a modal state', HOST_IS_MODAL);
    }
    this.entered += 1;
    this.#isCancelled = false;
    const context = this.#enter();
    this.#show({ title: options.commandName, value: null });
    try {
      const result = await this.#trace.run(async () => work(context));
      this.history.end(true);
      return result;
    } catch (error) {
      this.history.end(false);
      // What was thrown crosses Photoshop on its way out: its text arrives, its class and its properties may not.
      throw isNumbered(error) ? error : new Error(textOf(error));
    } finally {
      this.#contexts.length = 0;
      this.#show(null);
    }
  }

  /** Since 25.10 Photoshop itself waits to be free, for so many seconds. */
  async #free(seconds: number): Promise<void> {
    const end = Date.now() + seconds * 1000;
    while ((this.isBusy || this.isModal) && Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** The user presses Escape or the cancel button of the progress bar. */
  cancel(): void {
    if (!this.isModal || this.#isCancelled) return;
    this.#isCancelled = true;
    for (const context of [...this.#contexts]) context.onCancel?.({ reason: 'user' });
  }

  onProgress(listener: (progress: ModalProgress | null) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** "All modal scopes share the same global modal state" ("Notes"). */
  async #nested<T>(work: (context: ModalContext) => Promise<T> | T): Promise<T> {
    const context = this.#enter();
    try {
      return await work(context);
    } finally {
      this.#contexts.splice(this.#contexts.indexOf(context), 1);
    }
  }

  #enter(): ModalContext {
    const isCancelled = () => this.#isCancelled;
    const { history } = this;
    const hostControl = hidden({
      suspendHistory: async (options: { documentID: number; name: string }) => {
        this.assertNotCancelled();
        return history.suspend(options);
      },
      resumeHistory: async (suspension: Suspension | number, commit = true) => {
        this.assertNotCancelled();
        history.resume(suspension, commit);
      },
    });
    const context = hidden({
      onCancel: undefined as ModalContext['onCancel'],
      reportProgress: ({ value, commandName }: { value?: number; commandName?: string }) => {
        if (value !== undefined && !(value >= 0 && value <= 1)) {
          throw new PhotoshopError(`Progress is from 0 to 1, not ${value}.`);
        }
        const { title = '', value: last = null } = this.#progress ?? {};
        this.#show({ title: commandName ?? title, value: value ?? last });
      },
      hostControl,
      isCancelled: false,
    });
    Object.defineProperty(context, 'isCancelled', { get: isCancelled, enumerable: false });
    this.#contexts.push(context);
    return context;
  }

  #show(progress: ModalProgress | null): void {
    this.#progress = progress;
    for (const listener of this.#listeners) listener(progress);
  }
}

const isNumbered = (error: unknown): boolean => error instanceof PhotoshopError;

const textOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error
    ? String(error.message)
    : String(error);

/** The same properties, which neither spreading nor Object.keys sees. */
function hidden<T extends object>(properties: T): T {
  const made = {} as T;
  for (const [name, value] of Object.entries(properties)) {
    Object.defineProperty(made, name, {
      value,
      enumerable: false,
      writable: true,
      configurable: true,
    });
  }
  return made;
}
