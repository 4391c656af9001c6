import type { Picture, StudioDocument, StudioLayer } from '../studioDocument.ts';
import { make, makeIcon, makeWidget, paint } from './elements.ts';
import { icons } from './icons.ts';
import type { View } from './view.ts';

const THUMBNAIL_SIDE = 64;

const KIND_NAMES: Readonly<Record<string, string>> = {
  pixel: '',
  group: 'Group',
  smartObject: 'Smart object',
  text: 'Text',
};

/** A canvas that is painted only when it is given another picture. */
class Thumbnail {
  readonly canvas = make('canvas', {
    class: 'studio-thumbnail',
    attributes: { 'aria-hidden': 'true' },
  });
  private shown: Picture | null = null;

  show(picture: Picture | null): void {
    this.canvas.hidden = picture === null;
    if (picture !== null && picture !== this.shown) paint(this.canvas, picture);
    this.shown = picture;
  }
}

/** One line of the list; it outlives changes, so that the focus stays. */
class LayerRow {
  readonly element = make('li', { class: 'studio-layer' });
  private readonly eye = make('button', {
    class: 'studio-eye',
    attributes: { type: 'button' },
    children: [makeIcon(icons.eye)],
  });
  private readonly picture = new Thumbnail();
  private readonly mask = new Thumbnail();
  private readonly name = make('span', { class: 'studio-layer-name' });
  private readonly kind = make('span', { class: 'studio-layer-kind' });
  private readonly choose = make('button', {
    class: 'studio-layer-choose',
    attributes: { type: 'button' },
    children: [
      this.picture.canvas,
      this.mask.canvas,
      make('span', { class: 'studio-layer-words', children: [this.name, this.kind] }),
    ],
  });

  private layer: StudioLayer;

  constructor(layer: StudioLayer) {
    this.layer = layer;
    this.element.append(this.eye, this.choose);
    this.eye.addEventListener('click', () => this.layer.setVisible(!this.layer.isVisible));
    this.choose.title = 'Ctrl or Cmd selects several layers';
    this.choose.addEventListener('click', (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) this.layer.toggle();
      else this.layer.select();
    });
  }

  show(layer: StudioLayer): void {
    this.layer = layer;
    const { name, isVisible, isActive } = layer;
    const action = `${isVisible ? 'Hide' : 'Show'} ${name}`;
    this.eye.title = action;
    this.eye.setAttribute('aria-label', action);
    this.eye.setAttribute('aria-pressed', String(isVisible));
    this.choose.setAttribute('aria-current', String(isActive));
    this.choose.style.paddingLeft = `${6 + layer.depth * 14}px`;
    this.element.classList.toggle('studio-active', isActive);
    this.name.textContent = name;
    this.name.title = name;
    this.kind.textContent = KIND_NAMES[layer.kind] ?? 'Adjustment';
    this.picture.show(layer.thumbnail(THUMBNAIL_SIDE));
    this.mask.show(layer.maskThumbnail(THUMBNAIL_SIDE));
  }
}

interface Opacity {
  readonly element: HTMLElement;
  refresh(active: StudioLayer | undefined): void;
}

function createOpacity(): Opacity {
  let layer: StudioLayer | undefined;
  const slider: HTMLElement & { value?: unknown } = makeWidget('sp-slider', {
    attributes: { min: '0', max: '100', step: '1', 'show-value': 'false', 'aria-label': 'Opacity' },
  });
  const value = make('output');
  slider.addEventListener('input', () => {
    value.textContent = `${slider.value} %`;
  });
  slider.addEventListener('change', () => layer?.setOpacity(Number(slider.value)));
  return {
    element: make('div', {
      class: 'studio-opacity',
      children: [make('span', { text: 'Opacity' }), slider, value],
    }),
    refresh(active) {
      layer = active;
      slider.toggleAttribute('disabled', active === undefined);
      slider.value = active?.opacity ?? 100;
      value.textContent = active === undefined ? '' : `${Math.round(active.opacity)} %`;
    },
  };
}

export function createLayersView(studioDocument: StudioDocument): View {
  const rows = new Map<number, LayerRow>();
  const list = make('ul', { class: 'studio-list', attributes: { 'aria-label': 'Layers' } });
  const opacity = createOpacity();
  const element = make('section', {
    class: 'studio-dock studio-layers',
    attributes: { 'aria-label': 'Layers' },
    children: [make('h2', { text: 'Layers' }), opacity.element, list],
  });
  const refresh = () => {
    const { layers } = studioDocument;
    const wanted = layers.map((layer) => {
      const row = rows.get(layer.id) ?? new LayerRow(layer);
      rows.set(layer.id, row);
      row.show(layer);
      return row.element;
    });
    const ids = new Set(layers.map(({ id }) => id));
    for (const id of rows.keys()) if (!ids.has(id)) rows.delete(id);
    // Putting the same elements in again would take the focus away.
    const isSame =
      wanted.length === list.children.length &&
      wanted.every((row, at) => row === list.children[at]);
    if (!isSame) list.replaceChildren(...wanted);
    opacity.refresh(layers.find(({ isActive }) => isActive));
  };
  return { element, refresh };
}
