import { openCheckpoint } from '../checkpoint/openCheckpoint.ts';
import { openingTogether } from '../checkpoint/openCheckpoints.ts';
import { inferUNetConfig, inferVaeConfig } from '../keys/inferConfigs.ts';
import { refuseOtherUNets } from '../keys/refuseFamilies.ts';
import { foreignSource } from './foreignSource.ts';
import { addNetworks, type FoundNetworks, foundNetwork } from './foundNetworks.ts';
import { type ModelSource, PART_CONFIGS } from './modelSource.ts';
import { parseConfig } from './readConfig.ts';
import { SD1_SCHEDULER } from './sd1Defaults.ts';
import type { SourceOptions } from './sourceOptions.ts';

/**
 * A model from checkpoint files without configs, which are inferred from tensor names and shapes.
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
    const found: FoundNetworks = { networks: new Map(), unused: new Map() };
    for (const one of paths) addNetworks(found, await files.add(openCheckpoint(one)));
    const unet = foundNetwork(found, 'unet', path);
    refuseOtherUNets(unet);
    const vae = foundNetwork(found, 'vae', path);
    const vaeConfig = parseConfig(inferVaeConfig(vae), PART_CONFIGS.vae, vae.path);
    const unetConfig = parseConfig(inferUNetConfig(unet), PART_CONFIGS.unet, unet.path);
    return foreignSource(
      { found, files, path, options },
      {
        unet: { config: unetConfig, weights: unet },
        vae: { config: vaeConfig, weights: vae },
        scheduler: SD1_SCHEDULER,
      },
    );
  });
}
