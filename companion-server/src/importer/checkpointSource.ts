import { openCheckpoint } from './checkpoint/openCheckpoint.ts';
import { openingTogether } from './checkpoint/openCheckpoints.ts';
import { openEmotionParts } from './emotionParts.ts';
import { foreignCard } from './foreignCard.ts';
import { addNetworks, type FoundNetworks, foundNetwork, leftOver } from './foundNetworks.ts';
import { inferUNetConfig, inferVaeConfig } from './keys/inferConfigs.ts';
import { refuseOtherUNets } from './keys/refuseFamilies.ts';
import { checkFit, type ModelSource, PART_CONFIGS } from './modelSource.ts';
import type { SourceOptions } from './openModelSource.ts';
import { parseConfig } from './readConfig.ts';
import { EMOEDITOR_SIZE, SD1_SCHEDULER } from './sd1Defaults.ts';

/**
 * A model from checkpoint files that say nothing but names and shapes: its configs are inferred.
 * @param paths files with one network or several each
 * @param path what the user gave, for messages and as a name
 * @throws ImportError
 */
export function readCheckpoints(
  paths: readonly string[],
  path: string,
  options: SourceOptions,
): Promise<ModelSource> {
  return openingTogether(async (files) => {
    const found: FoundNetworks = { networks: new Map(), unused: {} };
    for (const one of paths) addNetworks(found, await files.add(openCheckpoint(one)));
    const weights = {
      unet: foundNetwork(found, 'unet', path),
      vae: foundNetwork(found, 'vae', path),
    };
    refuseOtherUNets(weights.unet);
    const configs = {
      unet: parseConfig(inferUNetConfig(weights.unet), PART_CONFIGS.unet, weights.unet.path),
      vae: parseConfig(inferVaeConfig(weights.vae), PART_CONFIGS.vae, weights.vae.path),
    };
    const width = configs.unet.cross_attention_dim;
    const emotion = await openEmotionParts(found, files, width, path, options);
    const model = { ...configs, ...emotion };
    checkFit(model);
    return {
      ...model,
      scheduler: SD1_SCHEDULER,
      card: foreignCard(path, files.paths(), options),
      workingSize: EMOEDITOR_SIZE,
      weights: { ...weights, ...emotion.weights },
      unused: leftOver(found),
      close: files.close,
    };
  });
}
