import type { PanelEvent } from './panelEvent.ts';
import { panelReducer } from './panelReducer.ts';
import type { PanelState } from './panelState.ts';

/** The panel's state and those who watch it. */
export interface Store {
  readonly state: PanelState;
  dispatch(event: PanelEvent): void;
  subscribe(listener: () => void): () => void;
}

export function createStore(initial: PanelState): Store {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    get state() {
      return state;
    },
    dispatch(event) {
      const next = panelReducer(state, event);
      if (next === state) return;
      state = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
