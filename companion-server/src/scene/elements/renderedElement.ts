import type { SceneMapName } from '../maps/sceneMaps.ts';
import type { ElementRenderer } from './elementRenderer.ts';

/** A renderer, and what the scene compositor must know about it. */
export interface RenderedElement {
  // The type of what `prepare` gives is erased: it differs by element, and only the same renderer reads it.
  readonly renderer: ElementRenderer<never>;
  /** Maps that drawing on a tile asks for. */
  readonly maps: readonly SceneMapName[];
  /** Share of the element that is left over a face, and over a person. What draws things leaves faces alone. */
  readonly overFace: number;
  readonly overPerson: number;
}

export const rendered = <Prepared>(
  renderer: ElementRenderer<Prepared>,
  maps: readonly SceneMapName[],
  { overFace = 1, overPerson = 1 } = {},
): RenderedElement => ({
  renderer: renderer as unknown as ElementRenderer<never>,
  maps,
  overFace,
  overPerson,
});
