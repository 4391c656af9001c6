import { textOf } from '../errors.ts';
import { createStore, type Store } from './store.ts';

/** Which of the panel's pages is shown. */
export type PanelPage =
  | { readonly kind: 'edit' }
  | { readonly kind: 'about' }
  | {
      readonly kind: 'diagnostics';
      readonly isRunning: boolean;
      /** Null before the checks were run. */
      readonly report: string | null;
      /** Whether the report is on the clipboard. */
      readonly isCopied: boolean;
    };

/** What the pages need of the host. */
export interface PageHost {
  /** Runs the checks; the answer is the report. */
  diagnose(): Promise<string>;
  /** Puts text onto the clipboard. @returns false where the host does not do it */
  copyText(text: string): Promise<boolean>;
}

/** Opens pages beside the edit, from the panel's flyout menu. */
export class PanelPages {
  readonly store: Store<PanelPage, PanelPage> = createStore<PanelPage, PanelPage>(
    { kind: 'edit' },
    (_page, next) => next,
  );
  readonly #host: PageHost;

  constructor(host: PageHost) {
    this.#host = host;
  }

  show(kind: PanelPage['kind']): void {
    this.store.dispatch(
      kind === 'diagnostics' ? { kind, isRunning: false, report: null, isCopied: false } : { kind },
    );
  }

  /** Runs the checks and copies their report. */
  async diagnose(): Promise<void> {
    const { state } = this.store;
    if (state.kind !== 'diagnostics' || state.isRunning) return;
    this.store.dispatch({ ...state, isRunning: true });
    let report: string;
    try {
      report = await this.#host.diagnose();
    } catch (error) {
      report = `The checks could not be run: ${textOf(error)}`;
    }
    if (this.store.state.kind !== 'diagnostics') return;
    const isCopied = await this.#host.copyText(report);
    if (this.store.state.kind !== 'diagnostics') return;
    this.store.dispatch({ kind: 'diagnostics', isRunning: false, report, isCopied });
  }
}
