import {
  createFlattener,
  type Depth,
  type DocumentModel,
  type Edges,
  type FakePhotoshop,
  heightOf,
  isEmpty,
  type LayerContent,
  type Raster,
  rangeOf,
  shownBounds,
  widthOf,
} from '@emoeditor/fake-photoshop';
import type { Picture, StudioDocument, StudioLayer } from './studioDocument.ts';

/** The document that is open in the fake Photoshop, as the studio's views want it. */
export function photoshopDocument(fake: FakePhotoshop): StudioDocument {
  let shown: { readonly content: DocumentModel['content']; readonly picture: Picture } | null =
    null;
  const flatten = createFlattener();
  const user = () => (fake.active === null ? null : fake.user(fake.active));
  return {
    get name() {
      return fake.active?.facts.name ?? '';
    },
    get layers() {
      const document = fake.active;
      return document === null ? [] : [...listed(fake, document, document.content.layers, 0)];
    },
    get history() {
      const states = fake.active?.states.map(({ name }) => name) ?? [];
      return {
        states,
        current: fake.active?.currentState ?? 0,
        undo: () => user()?.undo(),
        redo: () => user()?.redo(),
        goTo: (index: number) => user()?.goTo(index),
      };
    },
    get modal() {
      const { progress } = fake.modal;
      return progress === null ? null : { ...progress, cancel: () => fake.modal.cancel() };
    },
    get selection() {
      const selected = fake.active?.content.selection?.bounds ?? null;
      return selected === null || isEmpty(selected) ? null : selected;
    },
    select(area) {
      if (area === null) user()?.deselect();
      else user()?.selectArea(area);
    },
    flatten() {
      const document = fake.active;
      if (document === null) return null;
      const { content } = document;
      if (shown?.content !== content) shown = { content, picture: flatten(document) };
      return shown.picture;
    },
    onChange(listener) {
      const stops = [fake.onChange(listener), fake.modal.onProgress(listener)];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}

function* listed(
  fake: FakePhotoshop,
  document: DocumentModel,
  layers: readonly LayerContent[],
  depth: number,
): Generator<StudioLayer> {
  const user = fake.user(document);
  for (const layer of layers) {
    const { id, name, kind, opacity } = layer;
    yield {
      id,
      name,
      kind,
      opacity,
      depth,
      isVisible: layer.visible,
      isActive: document.content.activeIds.includes(id),
      thumbnail: (side) => kept(layer.pixels, shownBounds(layer), side, document.facts.depth),
      maskThumbnail: (side) =>
        layer.mask === null ? null : kept(layer.mask, wholeOf(document), side, 8),
      setVisible: (isVisible) => user.setVisible(id, isVisible),
      setOpacity: (percent) => user.setOpacity(id, percent),
      select: () => user.selectLayer(id),
      toggle: () => user.toggleLayer(id),
    };
    yield* listed(fake, document, layer.children, depth + 1);
  }
}

const wholeOf = ({ facts }: DocumentModel): Edges => ({
  left: 0,
  top: 0,
  right: facts.width,
  bottom: facts.height,
});

const thumbnails = new WeakMap<
  Raster,
  { readonly side: number; readonly picture: Picture | null }
>();

/** A raster never changes, so its thumbnail is made once. */
function kept(raster: Raster, area: Edges, side: number, depth: Depth): Picture | null {
  const known = thumbnails.get(raster);
  if (known?.side === side) return known.picture;
  const picture = thumbnail(raster, area, side, depth);
  thumbnails.set(raster, { side, picture });
  return picture;
}

/** One sample per pixel of the thumbnail: quick, and good enough at this size. */
function thumbnail(raster: Raster, area: Edges, side: number, depth: Depth): Picture | null {
  if (isEmpty(area)) return null;
  const scale = side / Math.max(widthOf(area), heightOf(area));
  const width = Math.max(1, Math.round(widthOf(area) * scale));
  const height = Math.max(1, Math.round(heightOf(area) * scale));
  const rgba = new Uint8ClampedArray(width * height * 4);
  const to8 = 255 / rangeOf(depth);
  for (let y = 0; y < height; y++) {
    const row = area.top + Math.floor(((y + 0.5) * heightOf(area)) / height);
    const line = raster.read({ left: area.left, right: area.right, top: row, bottom: row + 1 });
    for (let x = 0; x < width; x++) {
      const column = Math.floor(((x + 0.5) * widthOf(area)) / width);
      const to = (y * width + x) * 4;
      for (let k = 0; k < 4; k++) {
        const sample = line[column * raster.channels + (raster.channels === 4 ? k : 0)] as number;
        rgba[to + k] = raster.channels === 1 && k === 3 ? 255 : sample * to8;
      }
    }
  }
  return { width, height, rgba };
}
