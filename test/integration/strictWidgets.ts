import type { DOMWindow } from 'jsdom';

type Kind = 'string' | 'number' | 'boolean';

/** Properties of UXP's widgets that the panel may set, and what they take. */
export const WIDGETS: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  'sp-button': { disabled: 'boolean', variant: 'string' },
  'sp-action-button': { disabled: 'boolean', quiet: 'boolean' },
  'sp-slider': {
    min: 'number',
    max: 'number',
    step: 'number',
    value: 'number',
    disabled: 'boolean',
  },
  'sp-picker': { selectedIndex: 'number', disabled: 'boolean' },
  'sp-menu': {},
  'sp-menu-item': { value: 'string', selected: 'boolean' },
  'sp-textfield': { value: 'string', disabled: 'boolean', invalid: 'boolean' },
  'sp-textarea': { value: 'string' },
  'sp-progressbar': { max: 'number', value: 'number' },
};

const FIRST = { string: '', number: 0, boolean: false } as const;

/**
 * Gives a page UXP's widgets as strictly as a host might have them: each property takes its own kind of value and
 * nothing else, and a boolean is cleared by `false` alone. `violations` gets a line for everything else that is set.
 */
export function registerStrictWidgets(window: DOMWindow, violations: string[]): void {
  for (const [name, properties] of Object.entries(WIDGETS)) {
    const widget = class extends window.HTMLElement {
      connectedCallback(): void {
        if (!name.startsWith('sp-menu')) this.setAttribute('tabindex', '0');
        if (OVERLAYS.has(name)) reportOverlay(this, violations);
      }
    };
    for (const [property, kind] of Object.entries(properties)) {
      defineStrictly(widget.prototype, { widget: name, property, kind, violations });
    }
    window.customElements.define(name, widget);
  }
}

/** UXP draws them above everything else in the panel, whatever scrolls over them (known-issues.md, "User Interface"). */
const OVERLAYS: ReadonlySet<string> = new Set(['sp-textfield', 'sp-textarea']);

/** Such a widget may be there only while somebody types in it: nothing scrolls then. */
function reportOverlay(widget: HTMLElement, violations: string[]): void {
  const look = () =>
    setTimeout(() => {
      const isTyped = widget.ownerDocument.activeElement === widget;
      if (!widget.isConnected || isTyped) return;
      const line = `${widget.localName} is drawn over the panel although nobody types in it.`;
      if (!violations.includes(line)) violations.push(line);
    }, 50);
  widget.addEventListener('blur', look);
  look();
}

interface Definition {
  readonly widget: string;
  readonly property: string;
  readonly kind: Kind;
  readonly violations: string[];
}

function defineStrictly(
  prototype: HTMLElement,
  { widget, property, kind, violations }: Definition,
): void {
  const values = new WeakMap<HTMLElement, unknown>();
  Object.defineProperty(prototype, property, {
    get(this: HTMLElement) {
      return values.get(this) ?? FIRST[kind];
    },
    set(this: HTMLElement, value: unknown) {
      if (typeof value !== kind) {
        violations.push(`${widget}.${property} takes a ${kind}; ${String(value)} was set.`);
        return;
      }
      values.set(this, value);
      // What is drawn, for those who look at it.
      if (value === true) this.setAttribute(property, '');
      if (value === false) this.removeAttribute(property);
    },
  });
}
