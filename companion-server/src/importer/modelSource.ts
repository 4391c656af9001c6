import * as z from 'zod';
import type { Bundle } from '../models/bundle.ts';
import { fastSettingsSchema } from '../pipeline/ieiRules/fastSettings.ts';
import { autoencoderKLConfigSchema } from './autoencoderKl.ts';
import type { Checkpoint } from './checkpoint/checkpoint.ts';
import { efficientNetLiteConfigSchema } from './efficientNetLite.ts';
import { emotionEncoderConfigSchema } from './emotionEncoder.ts';
import { ImportError } from './importError.ts';
import { patchAutoencoderConfigSchema } from './patchAutoencoder.ts';
import { resnetConfigSchema } from './resnet.ts';
import { unetConfigSchema } from './unetConfig.ts';

/** Config of every part that a bundle is built from. */
export const PART_CONFIGS = {
  unet: unetConfigSchema,
  vae: z.discriminatedUnion('_class_name', [
    autoencoderKLConfigSchema,
    patchAutoencoderConfigSchema,
  ]),
  emotion_encoder: emotionEncoderConfigSchema,
  predictor: z.discriminatedUnion('_class_name', [
    efficientNetLiteConfigSchema,
    resnetConfigSchema,
  ]),
} as const;
export type ModelPart = keyof typeof PART_CONFIGS;
export const MODEL_PARTS = Object.keys(PART_CONFIGS) as readonly ModelPart[];

export const schedulerConfigSchema = z.object({
  num_train_timesteps: z.literal(1000),
  beta_start: z.literal(0.00085),
  beta_end: z.literal(0.012),
  beta_schedule: z.literal('scaled_linear'),
  prediction_type: z.literal('epsilon').default('epsilon'),
});

/** `card.json`: what the weights are; keys that the importer does not use travel on as provenance. */
export const cardSchema = z.looseObject({
  name: z.string().min(1),
  version: z.string().min(1),
  licence: z.string().min(1),
  limits: z.array(z.string()),
  fast: z.optional(fastSettingsSchema),
});

/** A model whose networks are known by their configs and whose tensors can be read: what a bundle is made from. */
export interface ModelSource {
  readonly unet: z.infer<typeof PART_CONFIGS.unet>;
  readonly vae: z.infer<typeof PART_CONFIGS.vae>;
  readonly emotionEncoder: z.infer<typeof PART_CONFIGS.emotion_encoder>;
  readonly predictor: z.infer<typeof PART_CONFIGS.predictor>;
  readonly scheduler: z.infer<typeof schedulerConfigSchema>;
  readonly card: z.infer<typeof cardSchema>;
  readonly workingSize: Bundle['workingSize'];
  /** Tensors by the names that diffusers gives them. */
  readonly weights: Readonly<Record<ModelPart, Checkpoint>>;
  /** Tensors of no network, by file. */
  readonly unused: Readonly<Record<string, readonly string[]>>;
  close(): Promise<void>;
}

/** @throws ImportError UNSUPPORTED when parts do not fit each other */
export function checkFit({
  unet,
  vae,
  emotionEncoder,
}: Pick<ModelSource, 'unet' | 'vae' | 'emotionEncoder'>): void {
  const latents = vae.latent_channels;
  if (unet.out_channels !== latents || unet.in_channels !== 2 * latents) {
    throw misfit(
      `${2 * latents} channels into the UNet and ${latents} out of it, for a VAE with ${latents}`,
      `${unet.in_channels} and ${unet.out_channels}`,
    );
  }
  if (unet.cross_attention_dim !== emotionEncoder.token_dim) {
    throw misfit(
      `tokens of width ${unet.cross_attention_dim}, as the UNet's cross-attention wants`,
      `an emotion encoder with ${emotionEncoder.token_dim}`,
    );
  }
}

const misfit = (expected: string, came: string) =>
  new ImportError(
    'UNSUPPORTED',
    `Expected ${expected}, but got ${came}.`,
    'Give parts that were trained together, from the same training run.',
  );
