import { cancelled } from '@emoeditor/plugin/errors.ts';
import type {
  ActionParameters,
  ActiveLayer,
  EditableLayer,
  EditRegion,
  HostPort,
  LayerCanvas,
  MachineEvent,
  NewLayer,
  SelectedLayer,
  Tile,
} from '@emoeditor/plugin/host/hostPort.ts';
import { TILE_SIDE } from '@emoeditor/plugin/session/tiling.ts';
import { type PixelBuffer, SRGB_PROFILE } from '@emoeditor/shared';

export const LAYER: EditableLayer = {
  documentId: 1,
  layerId: 7,
  kind: 'pixels',
  anchorId: 7,
  name: 'Meadow',
  documentName: 'meadow.psd',
  bounds: { left: -5, top: 3, width: 2500, height: 1100 },
  depth: 8,
  profile: SRGB_PROFILE,
  selection: null,
  note: null,
};

/** A host that holds one layer of one colour and notes what was asked of it. */
export interface ScriptedHost extends HostPort {
  active: ActiveLayer;
  /** The selected layers, for a plan. */
  selected: readonly SelectedLayer[];
  readonly historySteps: string[];
  /** Thrown when layers were painted, in place of adding them. */
  addError: Error | null;
  /** Thrown by the next capture. */
  captureError: Error | null;
  readonly added: NewLayer[];
  readonly written: Tile[];
  readonly steps: { name: string; parameters: ActionParameters }[];
  captures: number;
  /** What was captured, the newest last. */
  readonly regions: EditRegion[];
  /** Layers whose capture fails. */
  readonly broken: Set<number>;
  /** Tells the panel what its host says of it and the machine. */
  machine(event: MachineEvent): void;
  /** Pictures that are shown no more. */
  readonly forgotten: string[];
  /** Layers that the user deleted or undid. */
  readonly removed: Set<number>;
  changed(): void;
}

export function scriptedHost(): ScriptedHost {
  const listeners = new Set<() => void>();
  let nextId = 100;
  const host: ScriptedHost = {
    info: { name: 'Scripted', version: '1', pluginVersion: '0.1.0' },
    active: { kind: 'editable', layer: LAYER },
    selected: [],
    historySteps: [],
    addError: null,
    captureError: null,
    added: [],
    written: [],
    steps: [],
    captures: 0,
    regions: [],
    broken: new Set(),
    removed: new Set(),
    machine: () => {},
    forgotten: [],
    changed: () => {
      for (const listener of listeners) listener();
    },
    activeLayer: () => host.active,
    hasLayer: (_documentId, layerId) => !host.removed.has(layerId),
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    watchMachine(listener) {
      host.machine = listener;
      return () => {};
    },
    async captureProxy(layer, region, extent) {
      host.regions.push(region);
      host.captures += 1;
      if (host.captureError !== null) throw host.captureError;
      if (host.broken.has(layer.layerId)) throw new Error(`No pixels in ${layer.name}`);
      return { pixels: plain(extent.width, extent.height), picture: 'data:before', grain: 0.01 };
    },
    pictureOf: async ({ data }) => `data:pixels,${data[0]}`,
    pictureOfFile: (mime, bytes) => `data:${mime},${bytes.join()}`,
    forgetPicture: (picture) => void host.forgotten.push(picture),
    selectedLayers: () => host.selected,
    async addLayer(layer, paint, signal) {
      const [id] = await host.addLayers(layer.name, [{ layer, paint }], signal);
      return id!;
    },
    async addLayers(name, additions, signal) {
      const all: Tile[] = [];
      for (const { layer, paint, above = [] } of additions) {
        const { width, height } = layer.source.bounds;
        const canvas: LayerCanvas = {
          extent: { width, height },
          area: { left: 0, top: 0, width, height },
          signal,
          report: () => {},
          readTile: async (bounds) =>
            // A hole in the layer, as Photoshop trims it.
            bounds.left === 0 && bounds.top === TILE_SIDE
              ? null
              : { bounds, pixels: plain(bounds.width, bounds.height) },
          writeTile: async (tile) => void all.push(tile),
        };
        await paint(canvas);
        for (const one of above) await one.paint(canvas);
      }
      if (signal.aborted) throw cancelled();
      if (host.addError !== null) throw host.addError;
      host.historySteps.push(name);
      host.added.push(...additions.map(({ layer }) => layer));
      host.written.push(...all);
      nextId += additions.length;
      return additions.map((_, at) => nextId - additions.length + 1 + at);
    },
    async recordStep(name, parameters) {
      host.steps.push({ name, parameters });
    },
  };
  return host;
}

export function plain(width: number, height: number): PixelBuffer {
  return {
    format: { width, height, channels: 3, sample: 'uint8', range: 255, profile: SRGB_PROFILE },
    data: new Uint8Array(width * height * 3).fill(9),
  };
}
