import type { StudioDocument } from '../studioDocument.ts';
import { make, makeIcon } from './elements.ts';
import { icons } from './icons.ts';
import type { View } from './view.ts';

function iconButton(path: string, description: string, press: () => void): HTMLButtonElement {
  const button = make('button', {
    class: 'studio-tool',
    attributes: { type: 'button', title: description, 'aria-label': description },
    children: [makeIcon(path)],
  });
  button.addEventListener('click', press);
  return button;
}

/** The document's history: a press goes back, or forth again, to that state. */
export function createHistoryView(studioDocument: StudioDocument): View {
  const undo = iconButton(icons.undo, 'Undo', () => studioDocument.history.undo());
  const redo = iconButton(icons.redo, 'Redo', () => studioDocument.history.redo());
  const list = make('ol', { class: 'studio-list', attributes: { 'aria-label': 'History' } });
  let drawn = '';
  const draw = (states: readonly string[], current: number) => {
    const rows = states.map((name, index) => {
      const state = index === current ? 'studio-active' : index > current ? 'studio-undone' : '';
      const button = make('button', { text: name, attributes: { type: 'button', title: name } });
      if (index === current) button.setAttribute('aria-current', 'step');
      button.addEventListener('click', () => studioDocument.history.goTo(index));
      return make('li', { class: `studio-state ${state}`, children: [button] });
    });
    const focused = [...list.querySelectorAll('button')].indexOf(
      document.activeElement as HTMLButtonElement,
    );
    list.replaceChildren(...rows);
    if (focused >= 0) rows[focused]?.querySelector('button')?.focus();
    rows[current]?.scrollIntoView({ block: 'nearest' });
  };
  return {
    element: make('section', {
      class: 'studio-dock studio-history',
      attributes: { 'aria-label': 'History' },
      children: [
        make('div', {
          class: 'studio-dock-line',
          children: [make('h2', { text: 'History' }), undo, redo],
        }),
        list,
      ],
    }),
    refresh() {
      const { states, current } = studioDocument.history;
      undo.disabled = current <= 0;
      redo.disabled = current >= states.length - 1;
      const wanted = JSON.stringify([states, current]);
      if (wanted !== drawn) draw(states, current);
      drawn = wanted;
    },
  };
}
