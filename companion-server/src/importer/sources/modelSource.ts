import * as z from 'zod';
import type { Bundle } from '../../models/bundle.ts';
import { fastAcceptanceSchema } from '../../pipeline/ieiRules/fastAcceptance.ts';
import { fastSettingsSchema } from '../../pipeline/ieiRules/fastSettings.ts';
import type { ClipVocabulary } from '../../text/clipVocabulary.ts';
import { autoencoderKLConfigSchema } from '../architectures/autoencoderKl.ts';
import { autoencoderTinyConfigSchema } from '../architectures/autoencoderTiny.ts';
import { clipTextConfigSchema } from '../architectures/clipTextEncoder.ts';
import { efficientNetLiteConfigSchema } from '../architectures/efficientNetLite.ts';
import { emotionEncoderConfigSchema } from '../architectures/emotionEncoder.ts';
import { kernelPredictorConfigSchema } from '../architectures/kernelPredictor.ts';
import { patchAutoencoderConfigSchema } from '../architectures/patchAutoencoder.ts';
import { resnetConfigSchema } from '../architectures/resnet.ts';
import { unetConfigSchema } from '../architectures/unetConfig.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { ImportError } from '../importError.ts';

/** Config of every part that a bundle is built from. */
export const PART_CONFIGS = {
  unet: unetConfigSchema,
  vae: z.discriminatedUnion('_class_name', [
    autoencoderKLConfigSchema,
    autoencoderTinyConfigSchema,
    patchAutoencoderConfigSchema,
  ]),
  emotionEncoder: emotionEncoderConfigSchema,
  textEncoder: clipTextConfigSchema,
  tinyDecoder: autoencoderTinyConfigSchema,
  predictor: z.discriminatedUnion('_class_name', [
    efficientNetLiteConfigSchema,
    kernelPredictorConfigSchema,
    resnetConfigSchema,
  ]),
} as const;
export type ModelPart = keyof typeof PART_CONFIGS;

/** One network: its config, and its tensors by the names that diffusers and transformers give them. */
export interface Part<P extends ModelPart> {
  readonly config: z.infer<(typeof PART_CONFIGS)[P]>;
  readonly weights: Checkpoint;
}

/** A text encoder and its vocabulary. */
export type TextPart = Part<'textEncoder'> & { readonly vocabulary: ClipVocabulary };

/** The network that makes the UNet's conditioning tokens: from an emotion direction, or from text. */
export type ConditioningPart =
  | ({ readonly kind: 'emotion-direction' } & Part<'emotionEncoder'>)
  | ({ readonly kind: 'instruction' } & TextPart);

/** The predictor of an existing bundle, copied unchanged. */
export interface BundledPredictor {
  readonly folder: string;
  readonly bundle: Bundle;
}

export const schedulerConfigSchema = z.object({
  num_train_timesteps: z.literal(1000),
  beta_start: z.literal(0.00085),
  beta_end: z.literal(0.012),
  beta_schedule: z.literal('scaled_linear'),
  prediction_type: z
    .literal('epsilon', {
      error: ({ input }) =>
        `${input === 'v_prediction' ? 'a v-prediction model, which predicts the velocity' : String(input)}; expected epsilon, the noise, as all of Stable Diffusion 1 predict`,
    })
    .default('epsilon'),
});

/** `card.json`: describes the weights; keys that the importer does not use are copied to the bundle as provenance. */
export const cardSchema = z.looseObject({
  name: z.string().min(1),
  version: z.string().min(1),
  licence: z.string().min(1),
  limits: z.array(z.string()),
  fast: z.optional(fastSettingsSchema),
  acceptance: z.optional(fastAcceptanceSchema),
  /** See the bundle's `content`. */
  content: z.optional(z.boolean()),
  /** `source_scale`: see the bundle's `latents.sourceScale`. */
  latents: z.optional(z.looseObject({ source_scale: z.optional(z.number().positive()) })),
  working_size: z.optional(z.object({ area: z.int().positive(), multiple: z.int().positive() })),
});

/** The networks of a model and how they fit together: what a bundle is made from. */
export interface ModelSource {
  readonly unet: Part<'unet'>;
  readonly vae: Part<'vae'>;
  readonly conditioning: ConditioningPart;
  /** A text encoder in addition to the emotion encoder, to compare both with the same UNet. */
  readonly text?: TextPart;
  /** A fast decoder of the same latents, in addition to the VAE's own. */
  readonly tinyDecoder?: Part<'tinyDecoder'>;
  readonly predictor: Part<'predictor'> | BundledPredictor;
  readonly scheduler: z.infer<typeof schedulerConfigSchema>;
  readonly card: z.infer<typeof cardSchema>;
  readonly workingSize: Bundle['workingSize'];
  /** See the bundle's `latents.sourceScale`. */
  readonly sourceScale: number;
  /** Tensors of no network, or of one that is not taken, by file; for a file or a folder as a whole, `all of it`. */
  readonly unused: Readonly<Record<string, readonly string[]>>;
  close(): Promise<void>;
}

/** @throws ImportError UNSUPPORTED when parts do not fit each other */
export function checkFit({
  unet,
  vae,
  conditioning,
  text,
  tinyDecoder,
}: Pick<ModelSource, 'unet' | 'vae' | 'conditioning' | 'text' | 'tinyDecoder'>): void {
  const latents = vae.config.latent_channels;
  const { in_channels, out_channels, cross_attention_dim } = unet.config;
  if (out_channels !== latents || ![latents, 2 * latents].includes(in_channels)) {
    throw misfit(
      `${2 * latents} or ${latents} channels into the UNet and ${latents} out of it, for a VAE with ${latents}`,
      `${in_channels} and ${out_channels}`,
    );
  }
  const tiny = tinyDecoder?.config.latent_channels ?? latents;
  if (tiny !== latents)
    throw misfit(`a tiny decoder of ${latents} latent channels`, `one of ${tiny}`);
  const encoders: ConditioningPart[] = [conditioning];
  if (text !== undefined) encoders.push({ kind: 'instruction', ...text });
  for (const encoder of encoders) checkTokens(encoder, cross_attention_dim, conditioning);
}

/** @param first the default encoder: another one must give as many tokens */
function checkTokens(encoder: ConditioningPart, wanted: number, first: ConditioningPart): void {
  const { tokens, width } = tokensOf(encoder);
  const name = encoder.kind === 'instruction' ? 'a text encoder' : 'an emotion encoder';
  if (width !== wanted) {
    throw misfit(
      `tokens of width ${wanted}, as the UNet's cross-attention wants`,
      `${name} with ${width}`,
    );
  }
  if (tokens !== tokensOf(first).tokens) {
    throw misfit(`${tokensOf(first).tokens} tokens from both encoders`, `${name} with ${tokens}`);
  }
  if (encoder.kind !== 'instruction') return;
  const { vocab_size } = encoder.config;
  const { size } = encoder.vocabulary.ids;
  if (size > vocab_size) {
    throw misfit(
      `a tokenizer of at most ${vocab_size} tokens, as the text encoder knows`,
      `one of ${size}`,
    );
  }
}

/** Number and width of the tokens that condition the UNet. */
export function tokensOf(conditioning: ConditioningPart): Bundle['conditioning'] {
  if (conditioning.kind === 'instruction') {
    const { max_position_embeddings, hidden_size } = conditioning.config;
    return { tokens: max_position_embeddings, width: hidden_size };
  }
  const { num_tokens, token_dim } = conditioning.config;
  return { tokens: num_tokens, width: token_dim };
}

const misfit = (expected: string, came: string) =>
  new ImportError(
    'UNSUPPORTED',
    `Expected ${expected}, but got ${came}.`,
    'Give parts that were trained together, from the same training run.',
  );
