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
    };

/** Opens pages beside the edit, from the panel's flyout menu. */
export class PanelPages {
  readonly store: Store<PanelPage, PanelPage> = createStore<PanelPage, PanelPage>(
    { kind: 'edit' },
    (_page, next) => next,
  );
  readonly #diagnose: () => Promise<string>;

  /** @param diagnose runs the checks in the host; its answer is the report */
  constructor(diagnose: () => Promise<string>) {
    this.#diagnose = diagnose;
  }

  show(kind: PanelPage['kind']): void {
    this.store.dispatch(
      kind === 'diagnostics' ? { kind, isRunning: false, report: null } : { kind },
    );
  }

  async diagnose(): Promise<void> {
    const { state } = this.store;
    if (state.kind !== 'diagnostics' || state.isRunning) return;
    this.store.dispatch({ ...state, isRunning: true });
    let report: string;
    try {
      report = await this.#diagnose();
    } catch (error) {
      report = `The checks could not be run: ${textOf(error)}`;
    }
    if (this.store.state.kind !== 'diagnostics') return;
    this.store.dispatch({ kind: 'diagnostics', isRunning: false, report });
  }
}
