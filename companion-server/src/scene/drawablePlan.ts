import type { ElementName } from './bank/elements.ts';

/** One element of a plan: everything that drawing it needs beside the photograph. */
export interface PlannedElement {
  readonly element: ElementName;
  /** A value for each of the element's parameters. */
  readonly parameters: Readonly<Record<string, number>>;
  /** 32 bits. */
  readonly seed: number;
  /** 0 leaves the picture as it is, 1 draws the element as its parameters say. */
  readonly strength: number;
}

/**
 * A scene plan (as it crosses the wire: `ScenePlan` of `shared`) whose elements and parameters are known, so that it can be
 * drawn. It names nothing of the photograph: it can be played on another one.
 */
export interface DrawablePlan {
  /** Id of the bank's instruction, such as `fear/moonlit-fog`; null for the grade alone. */
  readonly instruction: string | null;
  /** In the order of drawing. */
  readonly elements: readonly PlannedElement[];
}
