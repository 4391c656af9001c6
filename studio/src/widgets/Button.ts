import { sharedSheet } from './defineStyles.ts';
import { Widget } from './Widget.ts';

const buttonStyle = sharedSheet(`
  :host { display: inline-flex; vertical-align: top; cursor: pointer; }
  .face {
    display: flex; flex: 1 1 auto; align-items: center; justify-content: center;
    min-width: 0; height: 28px; padding: 0 14px;
    border: 2px solid transparent; border-radius: 14px;
    font-weight: 600; white-space: nowrap;
  }
  :host([size="s"]) .face { height: 24px; padding: 0 11px; }
  .face { border-color: var(--quiet-text); color: var(--text); }
  :host(:hover) .face { background-color: var(--hover); }
  :host(:active) .face { filter: brightness(0.92); }
  :host([variant="primary"]) .face { border-color: var(--text); }
  :host([variant="cta"]) .face { border-color: transparent; background-color: var(--studio-cta, #1473e6); color: #fff; }
  :host([variant="cta"]:hover) .face { background-color: var(--studio-cta-hover, #0d66d0); }
  :host([variant="warning"]) .face { border-color: #e34850; color: var(--studio-warning, #f76d74); }
  :host([quiet]) .face { border-color: transparent; }
  :host([variant="cta"][disabled]) .face { background-color: var(--track); color: var(--text); }
  :host(:focus-visible) .face { box-shadow: 0 0 0 2px var(--ground), 0 0 0 4px var(--accent); }
`);

const actionButtonStyle = sharedSheet(`
  :host { display: inline-flex; vertical-align: top; cursor: pointer; }
  .face {
    display: flex; flex: 1 1 auto; align-items: center; justify-content: center;
    min-width: 24px; height: 24px; padding: 0 9px;
    border: 1px solid var(--line); border-radius: 4px; white-space: nowrap;
  }
  :host([quiet]) .face { border-color: transparent; }
  :host(:hover) .face { background-color: var(--hover); }
  :host(:active) .face, :host([selected]) .face { background-color: var(--track); }
  :host(:focus-visible) .face { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent); }
`);

const markup = '<span class="face eased" part="face"><slot name="icon"></slot><slot></slot></span>';

/** What `sp-button` and `sp-action-button` share: Enter and Space press, a disabled one hears nothing. */
abstract class PressWidget extends Widget {
  static readonly observedAttributes = ['disabled'];

  constructor(sheet: CSSStyleSheet) {
    super(sheet, markup);
    this.addEventListener('keydown', (event) => {
      if (event.target !== this || (event.key !== 'Enter' && event.key !== ' ')) return;
      event.preventDefault();
      if (!event.repeat) this.click();
    });
    this.addEventListener(
      'click',
      (event) => {
        if (this.disabled) event.stopImmediatePropagation();
      },
      { capture: true },
    );
  }

  protected override refresh(): void {
    this.setRole('button');
    this.refreshFocus();
  }
}

export class SpButton extends PressWidget {
  constructor() {
    super(buttonStyle);
  }
}

export class SpActionButton extends PressWidget {
  constructor() {
    super(actionButtonStyle);
  }
}
