/** Globals that Adobe documents for UXP (uxp-api/reference-js/global-members), and those that a plugin is loaded with. */
export const DOCUMENTED_GLOBALS: ReadonlySet<string> = new Set(
  `window self document localStorage sessionStorage crypto setTimeout clearTimeout setInterval clearInterval console
  require module exports WebSocket XMLHttpRequest fetch FormData Headers Request Response Blob navigator alert confirm
  prompt getComputedStyle Attr CharacterData Comment CustomElementRegistry customElements Document DocumentFragment
  Element HTMLCollection NamedNodeMap Node NodeFilter NodeList ShadowRoot Text TreeWalker HTMLElement HTMLImageElement
  HTMLInputElement HTMLButtonElement Event CustomEvent EventTarget KeyboardEvent MessageEvent PointerEvent CloseEvent
  ErrorEvent ProgressEvent ImageBlob URL path addEventListener removeEventListener`.split(/\s+/),
);

/**
 * Globals that the bundle names although UXP may lack them. React and the style loader test for them first, or name
 * them in code that the panel never runs (view transitions, fragment refs, zod's files, noble's texts). A test runs the
 * panel without any of them.
 */
export const LOOKED_FOR: ReadonlySet<string> = new Set(
  `AbortController AbortSignal CSS DOMRect File MessageChannel TextDecoder TextEncoder __REACT_DEVTOOLS_GLOBAL_HOOK__ atob btoa devicePixelRatio
  matchMedia navigation performance process queueMicrotask reportError requestAnimationFrame setImmediate`.split(
    /\s+/,
  ),
);
