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

/** What an edit does to the scene. Readable, and independent of the photograph: it can be played on another one. */
export interface ScenePlan {
  /** Id of the bank's instruction, such as `fear/moonlit-fog`; null for the grade alone. */
  readonly instruction: string | null;
  /** In the order of drawing. */
  readonly elements: readonly PlannedElement[];
}
