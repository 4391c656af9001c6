import { make } from './elements.ts';

const SHOWN_MS = 8000;

export interface Notice {
  readonly element: HTMLElement;
  show(message: string): void;
}

/** A line at the lower edge that says what went wrong and goes by itself. */
export function createNotice(): Notice {
  const element = make('div', {
    class: 'studio-notice',
    attributes: { role: 'alert', hidden: '' },
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const hide = () => {
    element.hidden = true;
  };
  element.addEventListener('click', hide);
  return {
    element,
    show(message) {
      clearTimeout(timer);
      element.textContent = message;
      element.hidden = false;
      timer = setTimeout(hide, SHOWN_MS);
    },
  };
}
