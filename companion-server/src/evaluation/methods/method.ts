import type { Emotion, EmotionVector, PixelBuffer } from '@emoeditor/shared';
import type { RgbPicture } from '../pictures/rgbPicture.ts';

/** A photograph that is edited. */
export interface Photograph {
  /** Its file's name, unique in a run. */
  readonly name: string;
  readonly path: string;
  /** 8-bit sRGB at its own size. */
  readonly picture: RgbPicture;
}

/** What a method tells of its own result, where it judges it. */
export interface Told {
  readonly distribution: EmotionVector;
  readonly outcome: string;
  readonly strength: number | null;
  readonly iterations: number;
  readonly instruction: string | null;
}

export interface Made {
  /** What the user gets, at the photograph's own size. */
  readonly pixels: PixelBuffer;
  readonly unetEvaluations: number;
  readonly told: Told | null;
}

/** Something that changes a photograph so that it evokes an emotion. */
export interface Method {
  /** Unique in a run; the name of its row. */
  readonly name: string;
  /** @throws the method's errors, the signal's reason */
  make(photograph: Photograph, target: Emotion, signal: AbortSignal): Promise<Made>;
}
