import { sharedSheet } from './defineStyles.ts';
import { Widget } from './Widget.ts';

const checkboxStyle = sharedSheet(`
  :host { display: inline-flex; align-items: center; min-height: 24px; vertical-align: top; cursor: pointer; }
  .box {
    display: flex; flex-shrink: 0; width: 14px; height: 14px; margin-right: 8px;
    border: 2px solid var(--quiet-text); border-radius: 2px;
  }
  .mark { width: 10px; height: 10px; fill: none; stroke: var(--ground); stroke-width: 2; visibility: hidden; }
  :host(:hover) .box { border-color: var(--text); }
  :host([checked]) .box { border-color: var(--accent); background-color: var(--accent); }
  :host([checked]) .mark { visibility: visible; }
  :host(:focus-visible) .box { box-shadow: 0 0 0 2px var(--ground), 0 0 0 4px var(--accent); }
`);

const checkboxMarkup = `
  <span class="box eased"><svg class="mark" viewBox="0 0 10 10" aria-hidden="true"><path d="M1 5l3 3 5-6" /></svg></span>
  <slot></slot>
`;

export class SpCheckbox extends Widget {
  static readonly observedAttributes = ['checked', 'disabled'];

  constructor() {
    super(checkboxStyle, checkboxMarkup);
    this.addEventListener('click', () => this.#toggle());
    this.addEventListener('keydown', (event) => {
      if (event.key !== ' ') return;
      event.preventDefault();
      this.#toggle();
    });
  }

  get checked(): boolean {
    return this.hasAttribute('checked');
  }

  set checked(isChecked: boolean) {
    this.toggleAttribute('checked', Boolean(isChecked));
  }

  protected override refresh(): void {
    this.setRole('checkbox');
    this.refreshFocus();
    this.setAttribute('aria-checked', String(this.checked));
  }

  #toggle(): void {
    if (this.disabled) return;
    this.checked = !this.checked;
    this.announce('input');
    this.announce('change');
  }
}

export class SpLabel extends Widget {
  constructor() {
    super(
      sharedSheet(':host { display: inline-block; color: var(--quiet-text); }'),
      '<slot></slot>',
    );
  }

  protected override refresh(): void {}
}

const dividerStyle = sharedSheet(`
  :host { display: block; height: 2px; border-radius: 1px; background-color: var(--track); }
  :host([size="small"]) { height: 1px; }
`);

export class SpDivider extends Widget {
  constructor() {
    super(dividerStyle, '');
  }

  protected override refresh(): void {
    this.setRole('separator');
  }
}
