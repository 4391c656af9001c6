type Listener = (event: string, descriptor: object) => void;

/**
 * `action.addNotificationListener`. Events during a modal scope are not sent, neither then nor afterwards (action.md,
 * "Notifications").
 */
export class Notifications {
  readonly #listeners: { readonly events: ReadonlySet<string>; readonly listener: Listener }[] = [];
  readonly #isModal: () => boolean;

  constructor(isModal: () => boolean) {
    this.#isModal = isModal;
  }

  add(events: readonly string[], listener: Listener): void {
    this.#listeners.push({ events: new Set(events), listener });
  }

  remove(_events: readonly string[], listener: Listener): void {
    const index = this.#listeners.findIndex((entry) => entry.listener === listener);
    if (index >= 0) this.#listeners.splice(index, 1);
  }

  notify(event: string, descriptor: object = {}): void {
    if (this.#isModal()) return;
    for (const { events, listener } of [...this.#listeners]) {
      if (events.has(event)) listener(event, descriptor);
    }
  }
}
