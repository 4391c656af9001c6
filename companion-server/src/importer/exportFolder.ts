import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { fastSettingsSchema } from '../pipeline/ieiRules/fastSettings.ts';
import { autoencoderKLConfigSchema } from './autoencoderKl.ts';
import { efficientNetLiteConfigSchema } from './efficientNetLite.ts';
import { emotionEncoderConfigSchema } from './emotionEncoder.ts';
import { ImportError } from './importError.ts';
import { patchAutoencoderConfigSchema } from './patchAutoencoder.ts';
import { unetConfigSchema } from './unetConfig.ts';

const vaeConfigSchema = z.discriminatedUnion('_class_name', [
  autoencoderKLConfigSchema,
  patchAutoencoderConfigSchema,
]);

const schedulerConfigSchema = z.object({
  num_train_timesteps: z.literal(1000),
  beta_start: z.literal(0.00085),
  beta_end: z.literal(0.012),
  beta_schedule: z.literal('scaled_linear'),
  prediction_type: z.literal('epsilon').default('epsilon'),
});

/** `card.json`: what the weights are; keys that the importer does not use travel on as provenance. */
const cardSchema = z.looseObject({
  name: z.string().min(1),
  version: z.string().min(1),
  licence: z.string().min(1),
  limits: z.array(z.string()),
  fast: z.optional(fastSettingsSchema),
});

const PARTS = {
  unet: { config: unetConfigSchema, weights: 'diffusion_pytorch_model.safetensors' },
  vae: { config: vaeConfigSchema, weights: 'diffusion_pytorch_model.safetensors' },
  emotion_encoder: { config: emotionEncoderConfigSchema, weights: 'model.safetensors' },
  predictor: { config: efficientNetLiteConfigSchema, weights: 'model.safetensors' },
} as const;
export type ExportPart = keyof typeof PARTS;

/** A folder as training writes it: diffusers' layout for UNet, VAE and scheduler, the same for the other two. */
export interface ExportFolder {
  readonly unet: z.infer<typeof unetConfigSchema>;
  readonly vae: z.infer<typeof vaeConfigSchema>;
  readonly emotionEncoder: z.infer<typeof emotionEncoderConfigSchema>;
  readonly predictor: z.infer<typeof efficientNetLiteConfigSchema>;
  readonly scheduler: z.infer<typeof schedulerConfigSchema>;
  readonly card: z.infer<typeof cardSchema>;
  /** Path of a part's weights. */
  weights(part: ExportPart): string;
}

/** @throws ImportError MISSING_FILE, BAD_CONFIG, UNSUPPORTED (parts that do not fit each other) */
export async function readExportFolder(folder: string): Promise<ExportFolder> {
  const config = <S extends z.ZodType>(path: string, schema: S) =>
    readConfig(join(folder, path), schema);
  const found: ExportFolder = {
    unet: await config('unet/config.json', PARTS.unet.config),
    vae: await config('vae/config.json', PARTS.vae.config),
    emotionEncoder: await config('emotion_encoder/config.json', PARTS.emotion_encoder.config),
    predictor: await config('predictor/config.json', PARTS.predictor.config),
    scheduler: await config('scheduler/scheduler_config.json', schedulerConfigSchema),
    card: await config('card.json', cardSchema),
    weights: (part) => join(folder, part, PARTS[part].weights),
  };
  checkFit(found);
  return found;
}

function checkFit({ unet, vae, emotionEncoder }: ExportFolder): void {
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
    'Export all parts from the same training run.',
  );

async function readConfig<S extends z.ZodType>(path: string, schema: S): Promise<z.infer<S>> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new ImportError(
      'MISSING_FILE',
      `Expected ${path} but it cannot be read.`,
      'Give the export folder of a training run, complete.',
      cause,
    );
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new ImportError('BAD_CONFIG', `${path} is no JSON.`, 'Export the model again.', cause);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new ImportError(
    'BAD_CONFIG',
    `${path} describes a network that this importer does not build: ${z.prettifyError(parsed.error)}`,
    'Supported: UNet2DConditionModel, AutoencoderKL, PatchAutoencoder, EmotionEncoder, EfficientNet-Lite predictors.',
  );
}
