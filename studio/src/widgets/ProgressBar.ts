import { sharedSheet } from './defineStyles.ts';
import { Widget } from './Widget.ts';

const style = sharedSheet(`
  :host { display: inline-flex; flex-direction: column; width: 192px; vertical-align: top; }
  .line { display: flex; justify-content: space-between; margin-bottom: 4px; }
  :host([show-value="false"]) .value { display: none; }
  .bar { height: 6px; border-radius: 3px; background-color: var(--track); overflow: hidden; }
  :host([size="small"]) .bar { height: 4px; border-radius: 2px; }
  .fill { width: 0; height: 100%; border-radius: inherit; background-color: var(--accent); }
  @media (prefers-reduced-motion: no-preference) { .fill { transition: width 160ms ease-out; } }
`);

const markup = `
  <div class="line"><slot></slot><span class="value"></span></div>
  <div class="bar"><div class="fill"></div></div>
`;

export class SpProgressbar extends Widget {
  static readonly observedAttributes = ['max', 'value'];

  constructor() {
    super(style, markup);
  }

  get max(): number {
    return Math.max(0, this.numberAttribute('max', 100));
  }

  set max(max: number) {
    this.setAttribute('max', String(max));
  }

  get value(): number {
    return Math.min(this.max, Math.max(0, this.numberAttribute('value', 0)));
  }

  set value(value: number) {
    this.setAttribute('value', String(value));
  }

  protected override refresh(): void {
    this.setRole('progressbar');
    const fraction = this.max === 0 ? 0 : this.value / this.max;
    const percent = `${Math.round(fraction * 100)}%`;
    this.find('.fill').style.width = percent;
    this.find('.value').textContent = percent;
    const hasText = this.textContent?.trim() !== '' || this.getAttribute('show-value') !== 'false';
    this.find('.line').hidden = !hasText;
    this.find('.line').style.display = hasText ? '' : 'none';
    this.setAttribute('aria-valuemin', '0');
    this.setAttribute('aria-valuemax', String(this.max));
    this.setAttribute('aria-valuenow', String(this.value));
  }
}
