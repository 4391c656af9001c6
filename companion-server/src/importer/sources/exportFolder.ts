import { join } from 'node:path';
import { openCheckpoint } from '../checkpoint/openCheckpoint.ts';
import { openingTogether } from '../checkpoint/openCheckpoints.ts';
import {
  cardSchema,
  checkFit,
  type ModelPart,
  type ModelSource,
  PART_CONFIGS,
  schedulerConfigSchema,
} from './modelSource.ts';
import { readConfig } from './readConfig.ts';
import type { SourceOptions } from './sourceOptions.ts';
import { openTinyDecoder } from './tinyDecoder.ts';
import { unopenedWeights } from './unopenedWeights.ts';

export const CARD_FILE = 'card.json';

/** Working size of the models that training writes, where their card has no other; see WORKING_AREA in training/emoeditor/evaluate.py. */
const WORKING_SIZE = { area: 256 * 256, multiple: 32 };

const PARTS = {
  unet: { folder: 'unet', weights: 'diffusion_pytorch_model.safetensors' },
  vae: { folder: 'vae', weights: 'diffusion_pytorch_model.safetensors' },
  emotionEncoder: { folder: 'emotion_encoder', weights: 'model.safetensors' },
  predictor: { folder: 'predictor', weights: 'model.safetensors' },
} as const satisfies Partial<Record<ModelPart, object>>;
type ExportPart = keyof typeof PARTS;

/**
 * A folder as training writes it: diffusers' layout for UNet, VAE and scheduler, the same for the other two.
 * @throws ImportError MISSING_FILE, BAD_CONFIG, UNSUPPORTED (parts that do not fit each other)
 */
export async function readExportFolder(
  folder: string,
  options: SourceOptions = {},
): Promise<ModelSource> {
  const file = (part: ExportPart, name: string) => join(folder, PARTS[part].folder, name);
  const config = (part: ExportPart) => file(part, 'config.json');
  const configs = {
    unet: await readConfig(config('unet'), PART_CONFIGS.unet),
    vae: await readConfig(config('vae'), PART_CONFIGS.vae),
    emotionEncoder: await readConfig(config('emotionEncoder'), PART_CONFIGS.emotionEncoder),
    predictor: await readConfig(config('predictor'), PART_CONFIGS.predictor),
    scheduler: await readConfig(
      join(folder, 'scheduler/scheduler_config.json'),
      schedulerConfigSchema,
    ),
    card: await readConfig(join(folder, CARD_FILE), cardSchema),
  };
  return openingTogether(async (files) => {
    const open = (part: ExportPart) => files.add(openCheckpoint(file(part, PARTS[part].weights)));
    const source: ModelSource = {
      unet: { config: configs.unet, weights: await open('unet') },
      vae: { config: configs.vae, weights: await open('vae') },
      conditioning: {
        kind: 'emotion-direction',
        config: configs.emotionEncoder,
        weights: await open('emotionEncoder'),
      },
      ...(await openTinyDecoder(files, options)),
      predictor: { config: configs.predictor, weights: await open('predictor') },
      scheduler: configs.scheduler,
      card: configs.card,
      workingSize: configs.card.working_size ?? WORKING_SIZE,
      sourceScale: configs.card.latents?.source_scale ?? 1,
      unused: await unopenedWeights(folder, files.paths()),
      close: files.close,
    };
    checkFit(source);
    return source;
  });
}
