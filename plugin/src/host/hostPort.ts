import type { Bounds, EditNote, Extent, PixelBuffer } from '@emoeditor/shared';
import type { CancelSignal } from '../cancellation.ts';

/** What the panel asks of the program that it is docked in. Everything here is in document pixels. */
export interface HostPort {
  readonly info: HostInfo;
  /**
   * The active layer; for one of our results, the layer that it was made from.
   * @param source `visible` for all that the document shows, as one picture
   */
  activeLayer(source?: SourceChoice): ActiveLayer;
  /** Every selected layer, described like the active one; results stand for what they were made from, once each. */
  selectedLayers(): readonly SelectedLayer[];
  /** False once a layer was deleted, or its making undone, or its document closed. */
  hasLayer(documentId: number, layerId: number): boolean;
  /** Tells of anything that may change the answer of `activeLayer`. Returns the way to stop. */
  watch(listener: () => void): () => void;
  /**
   * A region of the layer as the model sees it: 8-bit sRGB RGB of exactly `extent`, neutral grey where transparent;
   * a fourth channel says where an edit will show when the selection matters.
   * @throws PluginError SOURCE_GONE, LAYER_EMPTY, HOST_BUSY, HOST_FAILED, CANCELLED
   */
  captureProxy(
    layer: EditableLayer,
    region: EditRegion,
    extent: Extent,
    signal: CancelSignal,
  ): Promise<LayerProxy>;
  /** Tells of the panel and of the machine, as far as the host does. Returns the way to stop. */
  watchMachine(listener: (event: MachineEvent) => void): () => void;
  /** 8-bit sRGB RGB pixels as a picture for an image element. */
  pictureOf(pixels: PixelBuffer): Promise<string>;
  /** A file of such a format as `image/jpeg` as a picture for an image element. */
  pictureOfFile(mime: string, bytes: Uint8Array): string;
  /** Gives the memory of a picture back that is shown no more. */
  forgetPicture(picture: string): void;
  /**
   * A new pixel layer above the source, filled by `paint`, as one history step or not at all.
   * @returns the new layer's id
   * @throws PluginError SOURCE_GONE, SOURCE_CHANGED, HOST_BUSY, HOST_FAILED, CANCELLED, or the known error that `paint` threw
   */
  addLayer(layer: NewLayer, paint: Paint, signal: CancelSignal): Promise<number>;
  /**
   * The same for several layers of one document: all of them as one history step of that name, or none.
   * @param onBusy called while a dialog or a tool holds the host, which is then waited for instead of HOST_BUSY
   * @returns the new layers' ids, in order
   */
  addLayers(
    name: string,
    additions: readonly LayerAddition[],
    signal: CancelSignal,
    onBusy?: () => void,
  ): Promise<number[]>;
  /** Adds a step to an action that is being recorded; does nothing when none is. */
  recordStep(name: string, parameters: ActionParameters): Promise<void>;
}

/** The panel was hidden or is shown again; the machine goes to sleep or is awake again. */
export type MachineEvent = 'hidden' | 'shown' | 'sleep' | 'awake';

export interface HostInfo {
  readonly name: string;
  readonly version: string;
  readonly pluginVersion: string;
}

export type ActiveLayer =
  | { readonly kind: 'none'; readonly message: string; readonly hint: string }
  | {
      readonly kind: 'refused';
      readonly name: string;
      readonly message: string;
      readonly hint: string;
    }
  | { readonly kind: 'editable'; readonly layer: EditableLayer };

/** `key` tells layers apart, over all documents. */
export type SelectedLayer =
  | { readonly kind: 'editable'; readonly key: string; readonly layer: EditableLayer }
  | {
      readonly kind: 'refused';
      readonly key: string;
      readonly name: string;
      readonly message: string;
      readonly hint: string;
    };

/** What is edited: the active layer, or what is visible of the whole document. */
export type SourceChoice = 'layer' | 'visible';

/** The id that stands for what is visible; Photoshop's own begin with 1. */
export const VISIBLE_ID = 0;

/** Below this the working size would be mostly invented; the companion server has the same limit. */
export const MIN_SIDE = 16;

export interface EditableLayer {
  readonly documentId: number;
  /** {@link VISIBLE_ID} where what is visible is edited. */
  readonly layerId: number;
  /**
   * How its pixels are had: they are its own, or Photoshop draws them (smart objects, groups, text, shapes), which takes
   * a rasterised duplicate, or they are the whole document's.
   */
  readonly kind: 'pixels' | 'drawn' | 'visible';
  /** The layer that a result goes above: the source, or an earlier result that would hide the new one. */
  readonly anchorId: number;
  readonly name: string;
  readonly documentName: string;
  /** All that the layer holds; may reach beyond the canvas. */
  readonly bounds: Bounds;
  readonly depth: 8 | 16;
  /** Profile in which full-resolution pixels are read and written. */
  readonly profile: string;
  /** Part of `bounds` that the user selected; null without a selection. */
  readonly selection: Bounds | null;
  /** What the user should know before an edit. */
  readonly note: string | null;
}

/** The part of a layer that an edit looks at, and what the selection does to it. */
export interface EditRegion {
  /** In document pixels, within the layer. */
  readonly bounds: Bounds;
  /** `edit` changes what is selected, `keep` all but that; `none` where nothing was selected. */
  readonly selection: 'edit' | 'keep' | 'none';
  /** Document pixels over which the edge of the selection fades; 0 when left out. */
  readonly feather?: number;
}

export interface LayerProxy {
  readonly pixels: PixelBuffer;
  /** The same as a picture for an image element, in the shape of the region. */
  readonly picture: string;
  /** Noise of the photograph at its own resolution (CM8). */
  readonly grain: number;
}

export interface NewLayer {
  readonly source: EditableLayer;
  readonly region: EditRegion;
  /** Name of the new layer and of the history step. */
  readonly name: string;
  /** What the document's metadata say of the edit; null for nothing. */
  readonly note: EditNote | null;
  /** Layer of an earlier result that this one takes the place of, if it still exists. */
  readonly replaces: number | null;
}

/** A rectangle of full-resolution pixels; `bounds` counts from the corner of the region. */
export interface Tile {
  readonly bounds: Bounds;
  readonly pixels: PixelBuffer;
}

/** What `paint` works on, while the host is held still. */
export interface LayerCanvas {
  readonly extent: Extent;
  /** What has to be painted: the selection's part, or all. */
  readonly area: Bounds;
  /** The source's pixels, trimmed to where there are any; null where there are none. */
  readTile(bounds: Bounds): Promise<Tile | null>;
  writeTile(tile: Tile): Promise<void>;
  report(fraction: number): void;
  /** Aborted by the caller's signal and by the host's own cancel button. */
  readonly signal: CancelSignal;
}

export type Paint = (canvas: LayerCanvas) => Promise<void>;

/** A layer of a group. */
export interface NamedPaint {
  /** Such as `Content` or `Fog`. */
  readonly name: string;
  readonly paint: Paint;
}

export interface LayerAddition {
  readonly layer: NewLayer;
  readonly paint: Paint;
  /**
   * Layers that go clipped above the layer, from the bottom up; all are then a group of that layer's name, and its id is
   * the result's.
   */
  readonly above?: readonly NamedPaint[];
  /** Whether the layer becomes an embedded smart object. */
  readonly isSmartObject?: boolean;
}

export type ActionParameters = Readonly<Record<string, string | number | boolean>>;
