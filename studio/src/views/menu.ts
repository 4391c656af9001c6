import { makeWidget } from './elements.ts';

/** A picker that is a menu and no choice: nothing stays chosen. */
export function createMenu(
  title: string,
  items: readonly HTMLElement[],
  choose: (at: number) => void,
): HTMLElement {
  const menu = makeWidget('sp-menu', { attributes: { slot: 'options' }, children: items });
  const picker: HTMLElement & { selectedIndex?: number } = makeWidget('sp-picker', {
    class: 'studio-menu',
    attributes: { placeholder: title, 'aria-label': title },
    children: [menu],
  });
  picker.addEventListener('change', () => {
    const at = picker.selectedIndex ?? -1;
    picker.selectedIndex = -1;
    choose(at);
  });
  return picker;
}

/** The same of items that have a name and an id. */
export function createItemMenu({ title, items, choose }: ItemMenu): HTMLElement {
  const elements = items.map(({ id, label }) =>
    makeWidget('sp-menu-item', { text: label, attributes: { value: id } }),
  );
  return createMenu(title, elements, (at) => {
    const item = items[at];
    if (item !== undefined) choose(item.id);
  });
}

export interface ItemMenu {
  readonly title: string;
  readonly items: readonly { readonly id: string; readonly label: string }[];
  choose(id: string): void;
}
