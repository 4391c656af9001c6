import type { Extent } from '@emoeditor/shared';
import type { Plane } from '../../compositor/planes.ts';
import type { ElementName } from '../bank/elements.ts';
import type { SceneMapName } from '../maps/sceneMaps.ts';
import type { LightPlanes } from './elementRenderer.ts';

/** An element with what its renderer prepared from the whole scene. */
export interface PreparedElement {
  readonly element: ElementName;
  readonly strength: number;
  /** Plain data; what its renderer's `prepare` gave. */
  readonly prepared: unknown;
}

/** A plan ready to be drawn on any tile of its document. Plain data: it can be cached or sent to another thread. */
export interface PreparedScene {
  readonly elements: readonly PreparedElement[];
  readonly maps: {
    readonly extent: Extent;
    /** Luma that the maps' edges follow, in sRGB. */
    readonly guide: Plane;
    /** Maps that the elements use. */
    readonly planes: Readonly<Partial<Record<SceneMapName, Plane>>>;
    /** The view's sky colour, see `SceneView`. */
    readonly skyColour: LightPlanes | null;
  };
  readonly people: { readonly faces: boolean; readonly persons: boolean };
}
