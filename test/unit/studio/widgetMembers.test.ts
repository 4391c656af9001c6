import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WIDGETS } from '../../integration/strictWidgets.ts';

/*
 * React sets a property of a custom element for every attribute that is `in` it. A method of that name is then
 * overwritten (`this.step is not a function`), and a getter without a setter throws. So widgets keep what is their own
 * private to the language, and whatever else they have can be set.
 */

/** What widgets share among themselves. */
const INTERNAL = new Set([
  ...['root', 'refresh', 'find', 'numberAttribute', 'setRole', 'refreshFocus', 'announce'],
]);
/** Called by the browser, or by whoever handles the element: HTML's own names. */
const HTML = new Set([
  ...['constructor', 'connectedCallback', 'disconnectedCallback', 'attributeChangedCallback'],
  ...['focus', 'click'],
]);
/** Read by the host, never set: UXP documents them so. */
const READ_ONLY = new Set(['items', 'selectedOptions']);

const widgets = new Map<string, { readonly prototype: object; readonly observed: string[] }>();
interface Page {
  HTMLElement?: unknown;
  CSSStyleSheet?: unknown;
}
const page = globalThis as Page;
const missing = (['HTMLElement', 'CSSStyleSheet'] as const).filter(
  (name) => page[name] === undefined,
);

beforeAll(async () => {
  page.HTMLElement ??= class {};
  page.CSSStyleSheet ??= class {
    replaceSync(): void {}
  };
  const { registerWidgets } = await import('../../../studio/src/widgets/registerWidgets.ts');
  const registry = {
    get: () => undefined,
    define: (name: string, widget: { prototype: object; observedAttributes?: string[] }) =>
      void widgets.set(name, {
        prototype: widget.prototype,
        observed: widget.observedAttributes ?? [],
      }),
  };
  registerWidgets(registry as unknown as CustomElementRegistry);
});
afterAll(() => {
  for (const name of missing) delete page[name];
});

/** Every member that a widget has beyond HTMLElement, with how it is defined. */
function membersOf(prototype: object): [string, PropertyDescriptor][] {
  const found: [string, PropertyDescriptor][] = [];
  for (let at = prototype; at !== (page.HTMLElement as { prototype: object }).prototype; ) {
    found.push(...Object.entries(Object.getOwnPropertyDescriptors(at)));
    at = Object.getPrototypeOf(at);
  }
  return found;
}

describe('members of widgets', () => {
  it('are private, or HTML’s own, or can be set', () => {
    const wrong = [...widgets].flatMap(([name, { prototype }]) =>
      membersOf(prototype)
        .filter(([member, { get, set }]) => {
          if (HTML.has(member) || INTERNAL.has(member) || READ_ONLY.has(member)) return false;
          return get === undefined || set === undefined;
        })
        .map(([member]) => `${name}.${member}`),
    );
    expect(wrong).toEqual([]);
    expect(widgets.size).toBeGreaterThan(8);
  });

  it('are not what the panel or React sets', () => {
    const set = new Set(
      Object.entries(WIDGETS)
        .flatMap(([, properties]) => Object.keys(properties))
        .concat([...widgets.values()].flatMap(({ observed }) => observed))
        .concat('children', 'className', 'style', 'slot', 'title', 'size', 'variant', 'type'),
    );
    expect([...INTERNAL, ...READ_ONLY].filter((name) => set.has(name))).toEqual([]);
  });

  it('take all that the panel sets', () => {
    const lacking = [...widgets].flatMap(([name, { prototype, observed }]) => {
      const members = new Map(membersOf(prototype));
      return Object.keys(WIDGETS[name] ?? {})
        .filter((property) => members.get(property)?.set === undefined)
        .filter((property) => !observed.includes(property) && !DRAWN_BY_STYLE.has(property))
        .map((property) => `${name}.${property}`);
    });
    expect(lacking).toEqual([]);
  });
});

/** Attributes that style sheets look at alone. */
const DRAWN_BY_STYLE = new Set(['variant', 'quiet', 'value']);
