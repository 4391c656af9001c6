import { spectrumStyle } from './spectrumStyle.ts';

/** Base class of all widgets: a shadow root with shared style sheets, and attributes read as properties. */
export abstract class Widget extends HTMLElement {
  protected readonly root: ShadowRoot;

  protected constructor(sheet: CSSStyleSheet, markup: string) {
    super();
    this.root = this.attachShadow({ mode: 'open' });
    this.root.adoptedStyleSheets = [spectrumStyle, sheet];
    this.root.innerHTML = markup;
  }

  get disabled(): boolean {
    return this.hasAttribute('disabled');
  }

  set disabled(isDisabled: boolean) {
    this.toggleAttribute('disabled', Boolean(isDisabled));
  }

  /** Attributes may be set only once the element is connected, not while it is made. */
  connectedCallback(): void {
    this.refresh();
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.refresh();
  }

  /** Draws what the attributes and properties say. */
  protected abstract refresh(): void;

  protected find<Part extends HTMLElement = HTMLElement>(selector: string): Part {
    const found = this.root.querySelector<Part>(selector);
    if (found === null) throw new Error(`${this.localName} has no ${selector}`);
    return found;
  }

  protected numberAttribute(name: string, fallback: number): number {
    const text = this.getAttribute(name);
    const value = text === null || text === '' ? Number.NaN : Number(text);
    return Number.isFinite(value) ? value : fallback;
  }

  protected setRole(role: string): void {
    if (!this.hasAttribute('role')) this.setAttribute('role', role);
  }

  protected refreshFocus(): void {
    // A positive tabindex, as the panel's own elements have, so that all are in one tab order.
    this.tabIndex = this.disabled ? -1 : 1;
    this.setAttribute('aria-disabled', String(this.disabled));
  }

  protected announce(type: 'input' | 'change'): void {
    this.dispatchEvent(new Event(type, { bubbles: true, composed: true }));
  }
}
