import {
  DOCUMENTED_NODE_MEMBERS,
  SEEN_NODE_MEMBERS,
  TAKES_FOCUS,
} from '@emoeditor/fake-photoshop/uxp/domOfUxp.ts';
import { JSDOM } from 'jsdom';
import { registerStrictWidgets } from './strictWidgets.ts';

/** Prototypes of what a plugin's page is made of. */
const NODES = ['Node', 'Element', 'HTMLElement', 'HTMLImageElement', 'HTMLDivElement', 'Document'];

/** Asked for by jsdom's own selectors; the bundle is held to the list by its source (see bundleRules.test.ts). */
const HARNESS_NEEDS = new Set([
  'compareDocumentPosition',
  'compatMode',
  'contentType',
  'hasFocus',
  'prefix',
  'readyState',
  'location',
  'implementation',
]);

export interface UxpDocument {
  readonly document: Document;
  /** What was done to a widget that UXP might not take; to be empty at the end of every test. */
  readonly violations: readonly string[];
}

/** A page that has what Adobe documents of the DOM, UXP's widgets, and nothing else. */
export function uxpDocument(): UxpDocument {
  const { window } = new JSDOM('<!doctype html><body></body>');
  const violations: string[] = [];
  registerStrictWidgets(window, violations);
  const prototypes = window as unknown as Record<string, { prototype: object }>;
  for (const name of NODES) {
    const prototype = prototypes[name]?.prototype ?? {};
    for (const member of Object.getOwnPropertyNames(prototype)) {
      const isKnown = [DOCUMENTED_NODE_MEMBERS, SEEN_NODE_MEMBERS, HARNESS_NEEDS].some((known) =>
        known.has(member),
      );
      if (!isKnown && !/^[A-Z_]+$/.test(member)) Reflect.deleteProperty(prototype, member);
    }
  }
  focusByPositiveTabIndexOnly(window.HTMLElement.prototype);
  return { document: window.document, violations };
}

/** "A typically non-interactive element must have a positive tab index" (pseudo-classes/focus.md). */
function focusByPositiveTabIndexOnly(prototype: HTMLElement): void {
  const { focus } = prototype;
  prototype.focus = function (this: HTMLElement) {
    if (TAKES_FOCUS.test(this.localName) || this.tabIndex > 0) focus.call(this);
  };
}
