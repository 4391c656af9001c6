import { type Sample, samples } from '../samples.ts';
import type { StudioDocument } from '../studioDocument.ts';
import { make, makeIcon, makeWidget } from './elements.ts';
import { icons } from './icons.ts';
import { createItemMenu, createMenu } from './menu.ts';
import type { View } from './view.ts';

export interface TopBarActions {
  readonly openFile: (file: File) => void;
  readonly openSample: (sample: Sample) => void;
  readonly savePsd: () => void;
  readonly exportPng: () => void;
  readonly switchTheme: () => void;
  /** Items of the Plugins menu. */
  readonly plugins: readonly { readonly id: string; readonly label: string }[];
  readonly runPlugin: (id: string) => void;
}

export interface TopBar extends View {
  /** Lets the user choose a file. */
  browse(): void;
}

function createFileInput(open: (file: File) => void): HTMLInputElement {
  const input = make('input', {
    attributes: { type: 'file', accept: 'image/jpeg,image/png,image/webp,.psd', hidden: '' },
  });
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    // The same file can be chosen again.
    input.value = '';
    if (file !== undefined) open(file);
  });
  return input;
}

function createSamplesMenu(open: (sample: Sample) => void): HTMLElement {
  const items = samples.map(({ name, credit }) =>
    makeWidget('sp-menu-item', {
      attributes: { value: name },
      children: [
        make('span', { text: name }),
        make('span', { class: 'studio-credit', text: credit }),
      ],
    }),
  );
  return createMenu('Samples', items, (at) => {
    const sample = samples[at];
    if (sample !== undefined) open(sample);
  });
}

export function createTopBar(studioDocument: StudioDocument, actions: TopBarActions): TopBar {
  const input = createFileInput(actions.openFile);
  const browse = () => input.click();
  const button = (label: string, press: () => void, variant = 'secondary') => {
    const element = makeWidget('sp-button', { text: label, attributes: { variant, size: 's' } });
    element.addEventListener('click', press);
    return element;
  };
  const save = button('Save PSD', actions.savePsd);
  const exportPng = button('Export PNG', actions.exportPng);
  const name = make('span', { class: 'studio-document-name' });
  const theme = make('button', {
    class: 'studio-tool',
    attributes: { type: 'button', title: 'Dark or light', 'aria-label': 'Dark or light' },
    children: [makeIcon(icons.theme)],
  });
  theme.addEventListener('click', actions.switchTheme);
  return {
    element: make('header', {
      class: 'studio-top',
      children: [
        make('h1', { text: 'EmoEditor Studio' }),
        button('Open…', browse),
        createSamplesMenu(actions.openSample),
        createItemMenu({ title: 'Plugins', items: actions.plugins, choose: actions.runPlugin }),
        input,
        name,
        save,
        exportPng,
        theme,
      ],
    }),
    refresh() {
      const isEmpty = studioDocument.layers.length === 0;
      name.textContent = studioDocument.name;
      save.toggleAttribute('disabled', isEmpty);
      exportPng.toggleAttribute('disabled', isEmpty);
    },
    browse,
  };
}
