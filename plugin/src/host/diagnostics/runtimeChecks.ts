import { CancelController } from '../../cancellation.ts';
import type { Check } from './check.ts';

const GLOBALS = [
  'AbortController',
  'ImageBlob',
  'MutationObserver',
  'ResizeObserver',
  'TextDecoder',
  'URL',
  'btoa',
  'fetch',
  'matchMedia',
  'performance',
  'queueMicrotask',
  'requestAnimationFrame',
  'structuredClone',
];

const scope = globalThis as unknown as Readonly<Record<string, unknown>>;
const has = (owner: object, name: string) => name in owner;

/** What UXP and its JavaScript have; nothing of it touches Photoshop. */
export const RUNTIME_CHECKS: readonly Check<null>[] = [
  {
    rules: 'UX3',
    asks: 'globals that are missing',
    try: () => GLOBALS.filter((name) => typeof scope[name] === 'undefined').join(', ') || 'none',
  },
  {
    rules: 'UX7',
    asks: 'newer language',
    try() {
      const later = [
        ['Array.at', has(Array.prototype, 'at')],
        ['Object.hasOwn', has(Object, 'hasOwn')],
        ['Array.findLast', has(Array.prototype, 'findLast')],
        ['Array.toSorted', has(Array.prototype, 'toSorted')],
        ['String.replaceAll', has(String.prototype, 'replaceAll')],
      ] as const;
      return later.map(([name, isThere]) => `${name} ${isThere ? 'yes' : 'no'}`).join(', ');
    },
  },
  {
    rules: 'UX6',
    asks: 'listeners of AbortSignal',
    try() {
      const Controller = scope['AbortController'] as (new () => CancelController) | undefined;
      if (Controller === undefined) return 'there is no AbortController';
      return typeof new Controller().signal.addEventListener === 'function' ? 'yes' : 'no';
    },
  },
  {
    rules: 'UX6',
    asks: 'the panel’s own way to cancel',
    try() {
      const controller = new CancelController();
      let heard = 0;
      controller.signal.addEventListener('abort', () => {
        heard += 1;
      });
      controller.abort();
      return heard === 1 && controller.signal.aborted ? 'works' : 'does not work';
    },
  },
  {
    rules: 'UX8',
    asks: 'naturalWidth of an image',
    try: () => (has(document.createElement('img'), 'naturalWidth') ? 'there' : 'missing'),
  },
  {
    rules: 'UX11',
    asks: 'a button’s disabled after undefined was set',
    try() {
      const button = document.createElement('sp-button') as HTMLElement & { disabled?: unknown };
      button.disabled = true;
      button.disabled = undefined;
      const after = String(button.disabled);
      button.disabled = false;
      return `${after}, after false ${String(button.disabled)}`;
    },
  },
  {
    rules: 'UX11',
    asks: 'a slider’s step',
    try() {
      const slider = document.createElement('sp-slider') as HTMLElement & { step?: unknown };
      slider.step = 5;
      return String(slider.step);
    },
  },
];
