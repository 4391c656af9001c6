import { sharedSheet } from './defineStyles.ts';
import { Widget } from './Widget.ts';

const style = sharedSheet(`
  :host { display: inline-flex; flex-direction: column; width: 192px; vertical-align: top; cursor: pointer; }
  .line { display: flex; justify-content: space-between; }
  .rail { position: relative; height: 24px; margin: 0 7px; touch-action: none; }
  .track, .fill { position: absolute; left: -7px; top: 11px; height: 2px; border-radius: 1px; }
  .track { right: -7px; background-color: var(--track); }
  .fill { background-color: var(--quiet-text); }
  .knob {
    position: absolute; top: 5px; width: 14px; height: 14px; margin-left: -7px;
    border: 2px solid var(--quiet-text); border-radius: 50%; background-color: var(--ground);
  }
  :host(:hover) .knob { border-color: var(--text); }
  .rail.held .knob { border-color: var(--text); background-color: var(--text); }
  :host(:focus-visible) .knob { border-color: var(--accent); box-shadow: 0 0 0 2px var(--accent); }
`);

const markup = `
  <div class="line"><slot></slot><span class="value"></span></div>
  <div class="rail"><div class="track"></div><div class="fill"></div><div class="knob eased"></div></div>
`;

/** How far a key moves the knob, in steps; the ends are far enough from anywhere. */
const KEY_STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -10,
  PageUp: 10,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/** `input` at every move, `change` when the pointer or key is released. The attribute `value` says only where it starts. */
export class SpSlider extends Widget {
  static readonly observedAttributes = ['min', 'max', 'step', 'value', 'show-value', 'disabled'];
  #chosen = 0;

  constructor() {
    super(style, markup);
    const rail = this.find('.rail');
    rail.addEventListener('pointerdown', (event) => this.#hold(event));
    this.addEventListener('keydown', (event) => this.#press(event));
  }

  get min(): number {
    return this.numberAttribute('min', 0);
  }

  set min(min: number) {
    this.setAttribute('min', String(min));
  }

  get max(): number {
    return this.numberAttribute('max', 100);
  }

  set max(max: number) {
    this.setAttribute('max', String(max));
  }

  get step(): number {
    const step = this.numberAttribute('step', 1);
    return step > 0 ? step : 1;
  }

  set step(step: number) {
    this.setAttribute('step', String(step));
  }

  get value(): number {
    return this.#within(this.#chosen);
  }

  set value(value: unknown) {
    const number = Number(value);
    if (!Number.isFinite(number)) return;
    this.#chosen = number;
    if (this.isConnected) this.refresh();
  }

  override attributeChangedCallback(
    name?: string,
    _before?: string | null,
    now?: string | null,
  ): void {
    if (name === 'value' && now !== null) this.value = now;
    super.attributeChangedCallback();
  }

  protected override refresh(): void {
    this.setRole('slider');
    this.refreshFocus();
    const span = this.max - this.min;
    const percent = span <= 0 ? 0 : ((this.value - this.min) / span) * 100;
    this.find('.knob').style.left = `${percent}%`;
    this.find('.fill').style.width = `calc(${percent}% + 7px)`;
    this.find('.value').textContent = String(this.value);
    this.find('.line').style.display = this.getAttribute('show-value') === 'false' ? 'none' : '';
    this.setAttribute('aria-valuemin', String(this.min));
    this.setAttribute('aria-valuemax', String(this.max));
    this.setAttribute('aria-valuenow', String(this.value));
  }

  /** The nearest value that the slider can stand at. */
  #within(value: number): number {
    const { min, max, step } = this;
    const snapped = Number((min + Math.round((value - min) / step) * step).toFixed(6));
    return Number.isFinite(value) ? Math.min(max, Math.max(min, snapped)) : value < 0 ? min : max;
  }

  #move(value: number): boolean {
    const next = this.#within(value);
    if (next === this.value) return false;
    this.value = next;
    this.announce('input');
    return true;
  }

  #press(event: KeyboardEvent): void {
    const steps = KEY_STEPS[event.key];
    if (steps === undefined || this.disabled) return;
    event.preventDefault();
    if (this.#move(this.value + steps * this.step)) this.announce('change');
  }

  #hold(event: PointerEvent): void {
    if (this.disabled || event.button !== 0) return;
    event.preventDefault();
    this.focus({ preventScroll: true });
    const rail = this.find('.rail');
    const start = this.value;
    const follow = ({ clientX }: PointerEvent) => {
      const { left, width } = rail.getBoundingClientRect();
      if (width > 0) this.#move(this.min + ((clientX - left) / width) * (this.max - this.min));
    };
    const release = () => {
      rail.classList.remove('held');
      rail.removeEventListener('pointermove', follow);
      rail.removeEventListener('lostpointercapture', release);
      if (this.value !== start) this.announce('change');
    };
    rail.setPointerCapture(event.pointerId);
    rail.classList.add('held');
    rail.addEventListener('pointermove', follow);
    rail.addEventListener('lostpointercapture', release);
    follow(event);
  }
}
