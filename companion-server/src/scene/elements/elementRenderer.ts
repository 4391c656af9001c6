import type { Bounds, Extent } from '@emoeditor/shared';
import type { Plane } from '../../compositor/planes.ts';
import type { SceneMapName, SceneMaps } from '../maps/sceneMaps.ts';

/** Colour as planes of linear light with sRGB's primaries: 0 black, 1 diffuse white; lights may be above 1. */
export type LightPlanes = readonly [red: Plane, green: Plane, blue: Plane];

/** A scene as it is seen as a whole, at working size (long side at most 640 pixels): what an element is prepared from. */
export interface SceneView {
  readonly extent: Extent;
  /** The picture that the element is drawn on, [H · W] each. */
  readonly light: LightPlanes;
  /** Maps of the same extent. */
  readonly maps: SceneMaps;
  /** Colour of the sky around every place, in tones of the photograph; null where there is none. See `skyMatte.ts`. */
  readonly skyColour: LightPlanes | null;
}

/** A part of the document, at the document's resolution. */
export interface ElementTile {
  /** Where it lies in the document's region. */
  readonly bounds: Bounds;
  /** Of the whole region. All lengths of elements are shares of its longer side. */
  readonly extent: Extent;
  /** The picture so far, [height · width] of the bounds each; an element changes it in place. */
  readonly light: LightPlanes;
  /** A scene map at the document's resolution, of the bounds' size. Computed when it is first asked for. */
  map(name: SceneMapName): Plane;
}

/**
 * One kind of element. `prepare` looks at the whole scene, once for a plan; `render` is a pure function of what that
 * gave and of a place in the document, so that any tiling gives the same bits and a preview shows the same thing.
 * @typeParam Prepared plain data that can be sent to another thread; wide blurs, lists of shapes and numbers of the
 *   whole picture (percentiles, the colour of the air) belong here, never into a tile
 */
export interface ElementRenderer<Prepared> {
  /**
   * @param parameters one value for each parameter that the bank's table names for this element
   * @param seed any 32-bit integer
   */
  prepare(view: SceneView, parameters: Readonly<Record<string, number>>, seed: number): Prepared;
  /** Draws on a tile. Noise finer than two pixels of the document is left out: it could not be shown. */
  render(prepared: Prepared, tile: ElementTile): void;
}
