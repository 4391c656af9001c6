import type { Emotion } from '@emoeditor/shared';

export interface SceneMeasured {
  readonly emotion: Emotion;
  /** What was delivered, for each seed in turn; null for the light alone. */
  readonly instructions: readonly (string | null)[];
  /** By the frozen judge: of the target before, delivered, and of the fixed filter. */
  readonly p: { readonly before: number; readonly delivered: number; readonly filter: number };
  /** Whether the target is the first class of what was delivered, and of the filter. */
  readonly isFirst: { readonly delivered: boolean; readonly filter: boolean };
  /** Of the judge's ridge, delivered less source. */
  readonly valence: number;
  /** Points of pixels that came to have a channel at an end of its range. */
  readonly clipped: number;
  /** Faces whose colour changed by more than the limit. */
  readonly faces: { readonly found: number; readonly recoloured: number };
  readonly seconds: { readonly edit: number; readonly first: number };
}

export interface PhotoScenes {
  readonly photo: string;
  readonly thumb: { readonly width: number; readonly height: number };
  /** Base64 of the source's small picture, and of each edit's in the order of the emotions; interleaved RGB. */
  readonly thumbs: readonly string[];
  readonly edits: readonly SceneMeasured[];
}
