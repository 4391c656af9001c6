import { sharedSheet } from './defineStyles.ts';
import { Widget } from './Widget.ts';

const style = sharedSheet(`
  :host { display: inline-flex; flex-direction: column; width: 192px; vertical-align: top; }
  input {
    width: 100%; min-width: 0; height: 26px; margin: 0; padding: 0 8px;
    border: 1px solid var(--line); border-radius: 4px; outline: none;
    background-color: var(--well); color: var(--text); font: inherit;
  }
  input::placeholder { color: var(--quiet-text); font-style: italic; opacity: 1; }
  input:hover { border-color: var(--quiet-text); }
  input:focus { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent); }
  :host([invalid]) input { border-color: #e34850; }
  :host([invalid]) input:focus { box-shadow: 0 0 0 1px #e34850; }
  :host([quiet]) input {
    padding: 0; border-width: 0 0 1px 0; border-radius: 0; background-color: transparent; box-shadow: none;
  }
`);

/** The property `value` is the current text; the attribute `value` only the initial one. */
export class SpTextfield extends Widget {
  static readonly observedAttributes = [
    ...['value', 'placeholder', 'type', 'disabled', 'invalid', 'aria-label'],
  ];

  constructor() {
    super(
      style,
      '<slot name="label"></slot><input part="input" autocomplete="off" spellcheck="false" />',
    );
    // `input` crosses the shadow boundary by itself, `change` does not.
    this.#input.addEventListener('change', () => this.announce('change'));
  }

  get #input(): HTMLInputElement {
    return this.find<HTMLInputElement>('input');
  }

  get value(): string {
    return this.#input.value;
  }

  set value(value: unknown) {
    this.#input.value = value === null || value === undefined ? '' : String(value);
  }

  override focus(options?: FocusOptions): void {
    this.#input.focus(options);
  }

  override attributeChangedCallback(
    name?: string,
    _before?: string | null,
    now?: string | null,
  ): void {
    if (name === 'value') this.value = now;
    super.attributeChangedCallback();
  }

  protected override refresh(): void {
    const input = this.#input;
    input.placeholder = this.getAttribute('placeholder') ?? '';
    input.type = this.getAttribute('type') === 'password' ? 'password' : 'text';
    input.disabled = this.disabled;
    input.tabIndex = 1;
    input.setAttribute('aria-invalid', String(this.hasAttribute('invalid')));
    input.setAttribute('aria-label', this.getAttribute('aria-label') ?? '');
  }
}
