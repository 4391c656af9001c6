import { boundsOfLayer, type LayerContent } from './content.ts';
import { type Edges, heightOf, widthOf } from './edges.ts';
import type { DocumentModel } from './model.ts';
import type { Notifications } from './notifications.ts';
import { Raster, type Samples } from './raster.ts';

/** Actions of a user with the mouse: each adds a history step where Photoshop does, and sends notifications. */
export interface UserActions {
  selectLayer(id: number): void;
  /** A click with Ctrl or Cmd: adds the layer to the selected ones or removes it. */
  toggleLayer(id: number): void;
  setVisible(id: number, visible: boolean): void;
  setOpacity(id: number, opacity: number): void;
  rename(id: number, name: string): void;
  deleteLayer(id: number): void;
  /** The Move tool. */
  move(id: number, dx: number, dy: number): void;
  /** Any tool that changes pixels. */
  paint(id: number, area: Edges, samples: Samples): void;
  selectArea(area: Edges, options?: { ellipse?: boolean; feather?: number }): void;
  deselect(): void;
  undo(): void;
  redo(): void;
  goTo(state: number): void;
}

export function userActionsOn(document: DocumentModel, notifications: Notifications): UserActions {
  const step = (name: string, event: string, change: () => void) => {
    change();
    document.commit(name);
    notifications.notify(event);
  };
  const layer = (
    id: number,
    name: string,
    event: string,
    change: (layer: LayerContent) => LayerContent | null,
  ) => step(name, event, () => document.changeLayer(id, change));
  const select = (selection: Raster | null, name: string) =>
    step(name, 'set', () => document.change({ ...document.content, selection }));
  const goTo = (state: number) => {
    document.goTo(state);
    notifications.notify('historyStateChanged');
  };
  return {
    // Selecting a layer is no step in the history.
    selectLayer(id) {
      document.change({ ...document.content, activeIds: [id] });
      notifications.notify('select');
    },
    toggleLayer(id) {
      const { activeIds } = document.content;
      const others = activeIds.filter((active) => active !== id);
      const next = others.length < activeIds.length ? others : [...activeIds, id];
      document.change({ ...document.content, activeIds: next });
      notifications.notify('select');
    },
    setVisible: (id, visible) =>
      layer(id, 'Layer Visibility', visible ? 'show' : 'hide', (now) => ({ ...now, visible })),
    setOpacity: (id, opacity) => layer(id, 'Layer Opacity', 'set', (now) => ({ ...now, opacity })),
    rename: (id, name) => layer(id, 'Rename Layer', 'set', (now) => ({ ...now, name })),
    deleteLayer: (id) => layer(id, 'Delete Layer', 'delete', () => null),
    move: (id, dx, dy) =>
      layer(id, 'Move', 'move', (now) => ({ ...now, pixels: now.pixels.moved(dx, dy) })),
    paint: (id, area, samples) =>
      layer(id, 'Brush Tool', 'paint', (now) => ({
        ...now,
        pixels: now.pixels.write(area, samples),
      })),
    selectArea: (area, options) => select(selectionOf(area, options), 'Select'),
    deselect: () => select(null, 'Deselect'),
    undo: () => goTo(document.currentState - 1),
    redo: () => goTo(document.currentState + 1),
    goTo,
  };
}

/** A rectangle or an ellipse with an edge that falls off over `feather` pixels either side. */
function selectionOf(
  area: Edges,
  { ellipse = false, feather = 0 }: { ellipse?: boolean; feather?: number } = {},
): Raster {
  const grow = Math.ceil(feather);
  const edges = {
    left: area.left - grow,
    top: area.top - grow,
    right: area.right + grow,
    bottom: area.bottom + grow,
  };
  const [width, height] = [widthOf(edges), heightOf(edges)];
  const [cx, cy] = [(area.left + area.right) / 2, (area.top + area.bottom) / 2];
  const [rx, ry] = [widthOf(area) / 2, heightOf(area) / 2];
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [dx, dy] = [Math.abs(edges.left + x + 0.5 - cx), Math.abs(edges.top + y + 0.5 - cy)];
      const outside = ellipse
        ? (Math.hypot(dx / rx, dy / ry) - 1) * Math.min(rx, ry)
        : Math.max(dx - rx, dy - ry);
      const share = feather > 0 ? 0.5 - outside / (2 * feather) : outside <= 0 ? 1 : 0;
      data[y * width + x] = Math.round(255 * Math.min(1, Math.max(0, share)));
    }
  }
  return new Raster(8, 1).write(edges, data);
}

/** Bounds of a layer for a user interface. */
export const shownBounds = (layer: LayerContent): Edges => boundsOfLayer(layer);
