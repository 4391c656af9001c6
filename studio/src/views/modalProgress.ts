import type { StudioDocument } from '../studioDocument.ts';
import { make, makeWidget } from './elements.ts';
import type { View } from './view.ts';

/** Photoshop, too, waits before it shows the window: short work would only flicker. */
const DELAY_MS = 400;

/** The window over the picture while something holds the document. */
export function createModalProgress(studioDocument: StudioDocument): View {
  const title = make('strong', { class: 'studio-modal-title' });
  const percent = make('span', { class: 'studio-modal-percent' });
  const bar = makeWidget('sp-progressbar', {
    attributes: { max: '100', value: '0', 'show-value': 'false', 'aria-label': 'Progress' },
  });
  const cancel = makeWidget('sp-button', { text: 'Cancel', attributes: { variant: 'secondary' } });
  cancel.addEventListener('click', () => {
    cancel.setAttribute('disabled', '');
    studioDocument.modal?.cancel();
  });
  const element = make('div', {
    class: 'studio-modal',
    attributes: { role: 'dialog', 'aria-label': 'Progress', hidden: '' },
    children: [
      make('div', { class: 'studio-modal-line', children: [title, percent] }),
      bar,
      make('div', { class: 'studio-modal-actions', children: [cancel] }),
    ],
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const close = () => {
    clearTimeout(timer);
    timer = undefined;
    element.hidden = true;
    cancel.removeAttribute('disabled');
  };
  return {
    element,
    refresh() {
      const { modal } = studioDocument;
      if (modal === null) return close();
      timer ??= setTimeout(() => {
        element.hidden = false;
      }, DELAY_MS);
      const share = Math.round((modal.value ?? 0) * 100);
      title.textContent = modal.title;
      percent.textContent = modal.value === null ? '' : `${share} %`;
      bar.setAttribute('value', String(share));
    },
  };
}
