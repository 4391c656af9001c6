import { join } from 'node:path';
import * as z from 'zod';
import { openCheckpoint } from '../checkpoint/openCheckpoint.ts';
import { type OpenCheckpoints, openingTogether } from '../checkpoint/openCheckpoints.ts';
import { weightsIn } from '../checkpoint/weightsIn.ts';
import { ImportError } from '../importError.ts';
import { refuseOtherUNets } from '../keys/refuseFamilies.ts';
import { foreignSource } from './foreignSource.ts';
import { addNetworks, type FoundNetworks, foundNetwork } from './foundNetworks.ts';
import { type ModelSource, PART_CONFIGS, schedulerConfigSchema } from './modelSource.ts';
import { readConfig } from './readConfig.ts';
import type { SourceOptions } from './sourceOptions.ts';

export const DIFFUSERS_INDEX = 'model_index.json';

const PIPELINES = ['StableDiffusionInstructPix2PixPipeline', 'StableDiffusionPipeline'];
const indexSchema = z.looseObject({ _class_name: z.string() });
const SCHEDULER = 'scheduler/scheduler_config.json';
const WEIGHTS = ['diffusion_pytorch_model'];
const TEXT_WEIGHTS = ['model', 'pytorch_model'];

/**
 * A diffusers pipeline of the Stable Diffusion 1 family: `unet/`, `vae/`, `scheduler/` and `text_encoder/` with their
 * configs, weights in any form that diffusers writes. An emotion encoder takes the text encoder's place.
 * @throws ImportError
 */
export async function readDiffusersFolder(
  folder: string,
  options: SourceOptions,
): Promise<ModelSource> {
  const at = (path: string) => join(folder, path);
  const { _class_name } = await readConfig(at(DIFFUSERS_INDEX), indexSchema);
  if (!PIPELINES.includes(_class_name)) throw otherPipeline(folder, _class_name);
  return openingTogether(async (files) => {
    const found: FoundNetworks = { networks: new Map(), unused: new Map() };
    await addPart(found, files, at('unet'), WEIGHTS);
    const unet = foundNetwork(found, 'unet', at('unet'));
    // Before its config is parsed: that error would only name an unsupported key, not the family.
    refuseOtherUNets(unet);
    const unetConfig = await readConfig(at('unet/config.json'), PART_CONFIGS.unet);
    await addPart(found, files, at('vae'), WEIGHTS);
    const vaeConfig = await readConfig(at('vae/config.json'), PART_CONFIGS.vae);
    const isText = options.emotionEncoder === undefined || options.withText === true;
    if (isText) await addPart(found, files, at('text_encoder'), TEXT_WEIGHTS);
    return foreignSource(
      {
        found,
        files,
        path: folder,
        options,
        textConfig: at('text_encoder/config.json'),
      },
      {
        unet: { config: unetConfig, weights: unet },
        vae: { config: vaeConfig, weights: foundNetwork(found, 'vae', at('vae')) },
        scheduler: await readConfig(at(SCHEDULER), schedulerConfigSchema),
      },
    );
  });
}

async function addPart(
  found: FoundNetworks,
  files: OpenCheckpoints,
  folder: string,
  stems: readonly string[],
): Promise<void> {
  addNetworks(found, await files.add(openCheckpoint(await weightsIn(folder, stems))));
}

const otherPipeline = (folder: string, name: string) =>
  new ImportError(
    'UNSUPPORTED',
    `${folder} is a ${name}, expected one of ${PIPELINES.join(', ')}.`,
    'Supported are models of the Stable Diffusion 1 family, such as InstructPix2Pix.',
  );
