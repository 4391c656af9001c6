import { vi } from 'vitest';

/** Between two looks at the panel: each searches all of its elements, which takes a processor some milliseconds. */
const LOOK_MS = 20;

/** A panel that is drawn, as a user sees and handles it. */
export class PanelPage {
  readonly root: HTMLElement;

  constructor(root: HTMLElement) {
    this.root = root;
  }

  /** All that can be read in it. */
  get text(): string {
    return this.root.textContent ?? '';
  }

  async says(text: string | RegExp, timeout = 20_000): Promise<void> {
    await vi.waitFor(
      () => {
        const isThere = typeof text === 'string' ? this.text.includes(text) : text.test(this.text);
        if (!isThere) throw new Error(`Expected “${text}” in the panel, which says: ${this.text}`);
      },
      { timeout, interval: LOOK_MS },
    );
  }

  /** All that can be pressed, typed into or moved. */
  get controls(): HTMLElement[] {
    const handled =
      'sp-button, sp-action-button, sp-picker, sp-slider, sp-textfield, sp-textarea, [role], [tabindex]';
    return [...this.root.querySelectorAll<HTMLElement>(handled)];
  }

  /** The first control of that accessible name. @throws Error when there is none */
  control(name: string | RegExp): HTMLElement & { value?: unknown; selectedIndex?: number } {
    const found = this.controls.find((element) => {
      const label = nameOf(element);
      return typeof name === 'string' ? label === name : name.test(label);
    });
    if (found === undefined) throw new Error(`There is no “${name}” in: ${this.text}`);
    return found;
  }

  /** Presses a control once it is there and can be pressed. */
  async press(name: string | RegExp): Promise<void> {
    const control = await vi.waitFor(
      () => {
        const found = this.control(name);
        if (found.hasAttribute('disabled')) throw new Error(`“${name}” is disabled.`);
        return found;
      },
      { timeout: 20_000, interval: LOOK_MS },
    );
    this.#dispatch(control, 'click');
  }

  /** Chooses in a picker by what the choice says. */
  pick(name: string | RegExp, choice: string): void {
    const picker = this.control(name);
    const items = [...picker.querySelectorAll('sp-menu-item')];
    picker.selectedIndex = items.findIndex((item) => item.textContent === choice);
    if (picker.selectedIndex < 0) throw new Error(`“${name}” has no choice “${choice}”.`);
    this.#dispatch(picker, 'change');
  }

  /** Types into a field or moves a slider. */
  enter(name: string | RegExp, value: string): void {
    const field = this.control(name);
    field.value = field.localName === 'sp-slider' ? Number(value) : value;
    this.#dispatch(field, 'input');
  }

  /** What has the keyboard; null when nothing in the panel has. */
  get focused(): HTMLElement | null {
    const { activeElement } = this.root.ownerDocument;
    return this.root.contains(activeElement) ? (activeElement as HTMLElement) : null;
  }

  /** Clicks a value, types another one into the field that it becomes, and leaves that. */
  async type(label: string | RegExp, value: string): Promise<void> {
    await this.press(label);
    const field = await vi.waitFor(() => {
      const found = this.root.querySelector<HTMLElement & { value?: unknown }>('sp-textfield');
      if (found === null) throw new Error(`“${label}” became no field.`);
      return found;
    });
    field.value = value;
    this.#dispatch(field, 'input');
    this.key(field, 'Enter');
  }

  key(element: Element, key: string, type = 'keydown'): void {
    const { KeyboardEvent } = this.#window();
    element.dispatchEvent(new KeyboardEvent(type, { key, bubbles: true }));
  }

  #dispatch(element: Element, type: string): void {
    const { Event } = this.#window();
    element.dispatchEvent(new Event(type, { bubbles: true }));
  }

  /** Events are told from those of other windows by their constructor. */
  #window(): { Event: typeof Event; KeyboardEvent: typeof KeyboardEvent } {
    const { ownerDocument } = this.root;
    const constructorOf = (type: string) => ownerDocument.createEvent(type).constructor;
    return {
      Event: constructorOf('Event') as typeof Event,
      KeyboardEvent: constructorOf('KeyboardEvent') as typeof KeyboardEvent,
    };
  }
}

/** What a screen reader calls it. */
export const nameOf = (element: Element): string =>
  element.getAttribute('aria-label') ?? (element.textContent ?? '').replace(/^[▸▾]/, '').trim();
