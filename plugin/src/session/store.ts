/** A state, the one way to change it, and those who watch it. */
export interface Store<State, Event> {
  readonly state: State;
  dispatch(event: Event): void;
  /** @returns the way to stop */
  subscribe(listener: () => void): () => void;
}

/** @param next the state after an event, or the very same when the event changes nothing */
export function createStore<State, Event>(
  initial: State,
  next: (state: State, event: Event) => State,
): Store<State, Event> {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    get state() {
      return state;
    },
    dispatch(event) {
      const changed = next(state, event);
      if (changed === state) return;
      state = changed;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
