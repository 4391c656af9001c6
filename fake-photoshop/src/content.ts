import { channelsOf } from './colour.ts';
import { type Edges, EMPTY, union } from './edges.ts';
import { type Depth, Raster } from './raster.ts';

/** Kinds of layers as `layer.kind` names them (ps-reference/modules/constants.md, LayerKind). */
export type LayerKind =
  | 'pixel'
  | 'group'
  | 'smartObject'
  | 'text'
  | 'curves'
  | 'levels'
  | 'solidColor'
  | 'gradientFill'
  | 'video';

/** One layer in one state of the history. Never changes; edits make new ones. */
export interface LayerContent {
  readonly id: number;
  readonly name: string;
  readonly kind: LayerKind;
  readonly visible: boolean;
  /** 0 to 100. */
  readonly opacity: number;
  readonly allLocked: boolean;
  readonly pixelsLocked: boolean;
  readonly transparencyLocked: boolean;
  readonly positionLocked: boolean;
  readonly isBackground: boolean;
  readonly isClippingMask: boolean;
  /** As `constants.BlendMode` names them. */
  readonly blendMode: string;
  /** 0 to 100. */
  readonly fillOpacity: number;
  /** A layer style, which is not drawn here. */
  readonly hasEffects: boolean;
  /** “Blend Clipped Layers as Group”. */
  readonly blendsClippedAsGroup: boolean;
  /** Knockout, “Blend If” and channels as `get` answers them, where they differ from the defaults; not drawn here. */
  readonly advancedBlending: Readonly<Record<string, unknown>>;
  readonly pixels: Raster;
  /** The user's layer mask; null when there is none. */
  readonly mask: Raster | null;
  /** False after a Shift-click on the mask: it exists but hides nothing. */
  readonly isMaskEnabled: boolean;
  /** Of the mask, 0 to 255 as `get` answers it. */
  readonly maskDensity: number;
  /** Of the mask, in pixels; not drawn here, as density is not. */
  readonly maskFeather: number;
  /** The vector mask as Photoshop renders it; null when there is none. */
  readonly vectorMask: Raster | null;
  /** Layers of a group, the topmost first. */
  readonly children: readonly LayerContent[];
}

/** Content of a document in one history state. */
export interface Content {
  /** The topmost first, as `document.layers` lists them. */
  readonly layers: readonly LayerContent[];
  readonly activeIds: readonly number[];
  /** Null when nothing is selected. */
  readonly selection: Raster | null;
  /** XMP metadata of the document; absent means none. */
  readonly xmp?: string;
}

let lastId = 1;
/** Ids are never reused, so that a deleted layer's id finds nothing. */
export const freshId = (): number => ++lastId;

export function newLayer(
  depth: Depth,
  change: Partial<LayerContent> = {},
  mode = 'RGBColorMode',
): LayerContent {
  return {
    id: freshId(),
    name: 'Layer 1',
    kind: 'pixel',
    visible: true,
    opacity: 100,
    allLocked: false,
    pixelsLocked: false,
    transparencyLocked: change.isBackground === true,
    positionLocked: change.isBackground === true,
    isBackground: false,
    isClippingMask: false,
    blendMode: 'normal',
    fillOpacity: 100,
    hasEffects: false,
    blendsClippedAsGroup: true,
    advancedBlending: {},
    pixels: new Raster(depth, channelsOf(mode)),
    mask: null,
    isMaskEnabled: true,
    maskDensity: 255,
    maskFeather: 0,
    vectorMask: null,
    children: [],
    ...change,
  };
}

export function* allLayers(layers: readonly LayerContent[]): Generator<LayerContent> {
  for (const layer of layers) {
    yield layer;
    yield* allLayers(layer.children);
  }
}

export function findContent(layers: readonly LayerContent[], id: number): LayerContent | null {
  for (const layer of allLayers(layers)) if (layer.id === id) return layer;
  return null;
}

/** Applies `change` to every layer; null removes a layer. */
export function mapLayers(
  layers: readonly LayerContent[],
  change: (layer: LayerContent) => LayerContent | null,
): LayerContent[] {
  return layers.flatMap((layer) => {
    const children = mapLayers(layer.children, change);
    const same = children.every((child, i) => child === layer.children[i]);
    const kept = same && children.length === layer.children.length ? layer : { ...layer, children };
    const changed = change(kept);
    return changed === null ? [] : [changed];
  });
}

/** Inserts a layer directly above another one, in whatever group that is; on top when there is no other. */
export function insertAbove(
  layers: readonly LayerContent[],
  layer: LayerContent,
  aboveId: number | null,
): LayerContent[] {
  const at = layers.findIndex(({ id }) => id === aboveId);
  if (at >= 0) return layers.toSpliced(at, 0, layer);
  if (aboveId === null || findContent(layers, aboveId) === null) return [layer, ...layers];
  return layers.map((other) =>
    findContent(other.children, aboveId) === null
      ? other
      : { ...other, children: insertAbove(other.children, layer, aboveId) },
  );
}

/** Bounds of what a layer shows, masks apart; a group's are those of its layers. */
export function boundsOfLayer(layer: LayerContent): Edges {
  if (layer.kind !== 'group') return layer.pixels.bounds;
  return layer.children.map(boundsOfLayer).reduce(union, EMPTY);
}
