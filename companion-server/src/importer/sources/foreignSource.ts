import { isFolder } from '../../files/onDisk.ts';
import { openConditioning, openPredictor, type Search } from './emotionParts.ts';
import { foreignCard } from './foreignCard.ts';
import { leftOver } from './foundNetworks.ts';
import { checkFit, type ModelSource } from './modelSource.ts';
import { UNGUIDED_FAST, unscaledSource, WORKING_SIZES } from './sd1Defaults.ts';
import { openTinyDecoder } from './tinyDecoder.ts';
import { unopenedWeights } from './unopenedWeights.ts';

/**
 * A model published by others, whose files describe at most its networks: the emotion parts are searched for, and the
 * remaining settings are the defaults of its family.
 * @throws ImportError
 */
export async function foreignSource(
  search: Search,
  { unet, vae, scheduler }: Pick<ModelSource, 'unet' | 'vae' | 'scheduler'>,
): Promise<ModelSource> {
  const { found, files, path, options } = search;
  const goal = await openConditioning(search, unet.config.cross_attention_dim);
  const tiny = await openTinyDecoder(files, options);
  const predictor = await openPredictor(search, goal.conditioning.kind);
  const source: ModelSource = {
    unet,
    vae,
    ...goal,
    ...tiny,
    predictor,
    scheduler,
    card: {
      ...foreignCard(path, files.paths(), options),
      ...(goal.conditioning.kind === 'emotion-direction' ? { fast: UNGUIDED_FAST } : {}),
    },
    workingSize: WORKING_SIZES[goal.conditioning.kind],
    sourceScale: unscaledSource(vae.config),
    unused: {
      ...leftOver(found, path, { ...goal, predictor }),
      ...((await isFolder(path)) ? await unopenedWeights(path, files.paths()) : {}),
    },
    close: files.close,
  };
  checkFit(source);
  return source;
}
