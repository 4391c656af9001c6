import type { Emotion, EmotionVector, IeiMode } from '@emoeditor/shared';
import type { Tensor } from '../tensor/tensor.ts';

/** Variational autoencoder between pictures and latents. h = H/8, w = W/8. */
export interface Vae {
  /** image [n, 3, H, W] in [-1, 1] → scaled latents [n, c, h, w]: the posterior's mode × scaling factor. */
  encode(image: Tensor): Promise<Tensor>;
  /** scaled latents [n, c, h, w] → image [n, 3, H, W] in about [-1, 1], not clamped. */
  decode(latents: Tensor): Promise<Tensor>;
}

/** A fast, coarser decoder of the same latents, for previews and the critic. */
export type TinyDecoder = Pick<Vae, 'decode'>;

/** Noise predictor of the dual-branch diffusion model. */
export interface UNet {
  /**
   * @param sample noisy latents ++ source latents [n, 2c, h, w]
   * @param timestep of the 1000-step training schedule, the same for the whole batch
   * @param tokens conditioning [n, length, dim]
   * @returns noisePred [n, c, h, w]
   */
  predictNoise(sample: Tensor, timestep: number, tokens: Tensor): Promise<Tensor>;
}

/** Global branch: emotion direction → the tokens that take the place of text in cross-attention. */
export interface EmotionEncoder {
  /** directions [n, 8] in [-1, 1] → tokens [n, length, dim]. */
  encode(directions: Tensor): Promise<Tensor>;
}

/** For each emotion, the sentences that a model which follows instructions is given. */
export type InstructionLists = Readonly<Record<Emotion, readonly string[]>>;

/** Global branch of a model that follows instructions. */
export interface InstructionModel {
  readonly lists: InstructionLists;
  /** Guidance scale of the text, in the published rules. */
  readonly guidanceScale: number;
  /** Guidance scale of the image. */
  readonly imageGuidanceScale: number;
  /** Steps from pure noise in the published rules. */
  readonly publishedSteps: number;
  /** texts → tokens [1, length, dim] each, in their order. The text encoder leaves the memory before this returns. */
  encode(texts: readonly string[]): Promise<Tensor[]>;
}

/** The critic's classifier. */
export interface EmotionPredictor {
  /** image [n, 3, H, W] in [0, 1] sRGB of any size → one calibrated distribution over the eight per picture. */
  predict(image: Tensor): Promise<EmotionVector[]>;
}

/** Facts of a bundle that the pipeline and the panel need; validated from bundle.json. */
export interface BundleInfo {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly kind: 'emotion-direction' | 'instruction';
  readonly latentChannels: number;
  /** Working size: area in pixels that the proxy is scaled to at its own aspect, both sides multiples of `multiple`. */
  readonly workingArea: number;
  readonly sizeMultiple: number;
  /** Working area of the published rules, where the model was published at another one. */
  readonly publishedArea?: number;
  /** Whether what no grade explains is painted into the layer. */
  readonly content: boolean;
  readonly licence: string;
  readonly limits: string;
}

/** About how many pixels an edit works at. */
export function workingAreaOf(
  { workingArea, publishedArea }: Pick<BundleInfo, 'workingArea' | 'publishedArea'>,
  mode: IeiMode,
): number {
  return mode === 'fast' ? workingArea : (publishedArea ?? workingArea);
}

/** The loaded models of one bundle. */
export interface ModelSet {
  readonly info: BundleInfo;
  readonly vae: Vae;
  /** There in bundles whose own decoder is slow. */
  readonly tinyDecoder?: TinyDecoder;
  readonly unet: UNet;
  /** There in bundles that are conditioned on a direction. */
  readonly emotionEncoder?: EmotionEncoder;
  /** There in bundles that are conditioned on text. */
  readonly instructions?: InstructionModel;
  readonly predictor: EmotionPredictor;
  /** Execution provider that runs, e.g. `cpu`, and why. */
  readonly provider: { readonly name: string; readonly reason: string };
  release(): Promise<void>;
}
