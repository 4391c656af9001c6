import { sharedSheet } from './defineStyles.ts';

/** What all widgets share: Photoshop's theme variables, type and the ring around what has the focus. */
export const spectrumStyle = sharedSheet(`
  :host {
    --text: var(--uxp-host-text-color, #d6d6d6);
    --quiet-text: var(--uxp-host-text-color-secondary, #a8a8a8);
    --ground: var(--uxp-host-background-color, #535353);
    --line: var(--uxp-host-border-color, #3e3e3e);
    --hover: var(--uxp-host-widget-hover-background-color, #636363);
    --accent: var(--studio-accent, #378ef0);
    --track: var(--studio-track, rgba(128, 128, 128, 0.45));
    --well: var(--studio-well, rgba(0, 0, 0, 0.22));
    box-sizing: border-box;
    color: var(--text);
    font-family: inherit;
    font-size: 12px;
    line-height: 16px;
    -webkit-user-select: none;
    user-select: none;
  }
  :host([hidden]) { display: none; }
  :host([disabled]) { opacity: 0.42; pointer-events: none; }
  :host(:focus) { outline: none; }
  *, *::before, *::after { box-sizing: border-box; }
  @media (prefers-reduced-motion: no-preference) {
    .eased { transition: background-color 110ms ease-out, border-color 110ms ease-out; }
  }
`);
