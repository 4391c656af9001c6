import { sharedSheet } from './defineStyles.ts';
import { Widget } from './Widget.ts';

const menuStyle = sharedSheet(':host { display: block; }');

const itemStyle = sharedSheet(`
  :host { display: flex; align-items: center; min-height: 26px; padding: 0 24px 0 10px; cursor: pointer; }
  :host(:hover), :host(.current) { background-color: var(--hover); }
  .text { flex: 1 1 auto; white-space: nowrap; }
  .mark { flex-shrink: 0; width: 10px; height: 8px; margin-right: 8px; fill: none; stroke: var(--accent); stroke-width: 2; visibility: hidden; }
  :host([selected]) .mark { visibility: visible; }
`);

const itemMarkup = `
  <svg class="mark" viewBox="0 0 10 8" aria-hidden="true"><path d="M1 4l3 3 5-6" /></svg>
  <span class="text"><slot></slot></span>
`;

export class SpMenu extends Widget {
  constructor() {
    super(menuStyle, '<slot></slot>');
  }

  protected override refresh(): void {
    this.setRole('listbox');
  }
}

export class SpMenuItem extends Widget {
  static readonly observedAttributes = ['selected', 'disabled'];

  constructor() {
    super(itemStyle, itemMarkup);
  }

  get selected(): boolean {
    return this.hasAttribute('selected');
  }

  set selected(isSelected: boolean) {
    this.toggleAttribute('selected', Boolean(isSelected));
  }

  get value(): string {
    return this.getAttribute('value') ?? this.textContent?.trim() ?? '';
  }

  set value(value: unknown) {
    this.setAttribute('value', String(value));
  }

  protected override refresh(): void {
    this.setRole('option');
    this.setAttribute('aria-selected', String(this.selected));
  }
}
