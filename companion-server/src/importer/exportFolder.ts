import { join } from 'node:path';
import { openCheckpoint } from './checkpoint/openCheckpoint.ts';
import { openingTogether } from './checkpoint/openCheckpoints.ts';
import {
  cardSchema,
  checkFit,
  type ModelPart,
  type ModelSource,
  PART_CONFIGS,
  schedulerConfigSchema,
} from './modelSource.ts';
import { readConfig } from './readConfig.ts';

export const CARD_FILE = 'card.json';

/** Working size of the models that training writes; see WORKING_AREA in training/emoeditor/evaluate.py. */
const WORKING_SIZE = { area: 256 * 256, multiple: 32 };

const WEIGHTS: Readonly<Record<ModelPart, string>> = {
  unet: 'diffusion_pytorch_model.safetensors',
  vae: 'diffusion_pytorch_model.safetensors',
  emotion_encoder: 'model.safetensors',
  predictor: 'model.safetensors',
};

/**
 * A folder as training writes it: diffusers' layout for UNet, VAE and scheduler, the same for the other two.
 * @throws ImportError MISSING_FILE, BAD_CONFIG, UNSUPPORTED (parts that do not fit each other)
 */
export async function readExportFolder(folder: string): Promise<ModelSource> {
  const config = (part: ModelPart) => join(folder, part, 'config.json');
  const configs = {
    unet: await readConfig(config('unet'), PART_CONFIGS.unet),
    vae: await readConfig(config('vae'), PART_CONFIGS.vae),
    emotionEncoder: await readConfig(config('emotion_encoder'), PART_CONFIGS.emotion_encoder),
    predictor: await readConfig(config('predictor'), PART_CONFIGS.predictor),
    scheduler: await readConfig(
      join(folder, 'scheduler/scheduler_config.json'),
      schedulerConfigSchema,
    ),
    card: await readConfig(join(folder, CARD_FILE), cardSchema),
  };
  checkFit(configs);
  return openingTogether(async (files) => {
    const open = (part: ModelPart) => files.add(openCheckpoint(join(folder, part, WEIGHTS[part])));
    return {
      ...configs,
      workingSize: WORKING_SIZE,
      weights: {
        unet: await open('unet'),
        vae: await open('vae'),
        emotion_encoder: await open('emotion_encoder'),
        predictor: await open('predictor'),
      },
      unused: {},
      close: files.close,
    };
  });
}
