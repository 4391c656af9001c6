import { join } from 'node:path';
import * as z from 'zod';
import { openCheckpoint } from './checkpoint/openCheckpoint.ts';
import { type OpenCheckpoints, openingTogether } from './checkpoint/openCheckpoints.ts';
import { weightsIn } from './checkpoint/weightsIn.ts';
import { openEmotionParts } from './emotionParts.ts';
import { foreignCard } from './foreignCard.ts';
import { addNetworks, type FoundNetworks, foundNetwork, leftOver } from './foundNetworks.ts';
import { ImportError } from './importError.ts';
import { refuseOtherUNets } from './keys/refuseFamilies.ts';
import { checkFit, type ModelSource, PART_CONFIGS, schedulerConfigSchema } from './modelSource.ts';
import type { SourceOptions } from './openModelSource.ts';
import { readConfig } from './readConfig.ts';
import { EMOEDITOR_SIZE } from './sd1Defaults.ts';

export const DIFFUSERS_INDEX = 'model_index.json';

const PIPELINES = ['StableDiffusionInstructPix2PixPipeline', 'StableDiffusionPipeline'];
const indexSchema = z.looseObject({ _class_name: z.string() });
const WEIGHTS = ['diffusion_pytorch_model'];

/**
 * A diffusers pipeline of the Stable Diffusion 1 family: `unet/`, `vae/` and `scheduler/` with their configs, weights in
 * any form that diffusers writes. What conditions it on emotions comes with the options or lies in the folder too.
 * @throws ImportError
 */
export async function readDiffusersFolder(
  folder: string,
  options: SourceOptions,
): Promise<ModelSource> {
  const { _class_name } = await readConfig(join(folder, DIFFUSERS_INDEX), indexSchema);
  if (!PIPELINES.includes(_class_name)) throw otherPipeline(folder, _class_name);
  const configs = {
    unet: await readConfig(join(folder, 'unet/config.json'), PART_CONFIGS.unet),
    vae: await readConfig(join(folder, 'vae/config.json'), PART_CONFIGS.vae),
    scheduler: await readConfig(
      join(folder, 'scheduler/scheduler_config.json'),
      schedulerConfigSchema,
    ),
  };
  return openingTogether(async (files) => {
    const found: FoundNetworks = { networks: new Map(), unused: {} };
    await addPart(found, files, join(folder, 'unet'));
    await addPart(found, files, join(folder, 'vae'));
    const weights = {
      unet: foundNetwork(found, 'unet', join(folder, 'unet')),
      vae: foundNetwork(found, 'vae', join(folder, 'vae')),
    };
    refuseOtherUNets(weights.unet);
    const width = configs.unet.cross_attention_dim;
    const emotion = await openEmotionParts(found, files, width, folder, options);
    const model = { ...configs, ...emotion };
    checkFit(model);
    return {
      ...model,
      card: foreignCard(folder, files.paths(), options),
      workingSize: EMOEDITOR_SIZE,
      weights: { ...weights, ...emotion.weights },
      unused: leftOver(found),
      close: files.close,
    };
  });
}

async function addPart(
  found: FoundNetworks,
  files: OpenCheckpoints,
  folder: string,
): Promise<void> {
  addNetworks(found, await files.add(openCheckpoint(await weightsIn(folder, WEIGHTS))));
}

const otherPipeline = (folder: string, name: string) =>
  new ImportError(
    'UNSUPPORTED',
    `${folder} is a ${name}, expected one of ${PIPELINES.join(', ')}.`,
    'Supported are models of the Stable Diffusion 1 family, such as InstructPix2Pix.',
  );
