import { join, resolve } from 'node:path';
import { isFolder } from '../../files/onDisk.ts';
import { DEFAULT_BUNDLE, EMBEDDED_BUNDLES, isBundle } from '../../models/bundleStore.ts';
import { readBundle } from '../../models/readBundle.ts';
import { inferClipTextConfig } from '../architectures/clipTextEncoder.ts';
import { inferResnetConfig } from '../architectures/resnet.ts';
import { openCheckpoint } from '../checkpoint/openCheckpoint.ts';
import type { OpenCheckpoints } from '../checkpoint/openCheckpoints.ts';
import { weightsIn } from '../checkpoint/weightsIn.ts';
import { inferEmotionEncoderConfig } from '../keys/inferConfigs.ts';
import type { Network } from '../keys/networksIn.ts';
import { addNetworks, type FoundNetworks, foundNetwork, leaveOut } from './foundNetworks.ts';
import {
  type BundledPredictor,
  type ConditioningPart,
  type ModelSource,
  PART_CONFIGS,
  type Part,
  type TextPart,
} from './modelSource.ts';
import { openVocabulary } from './openVocabulary.ts';
import { parseConfig, readConfig } from './readConfig.ts';
import type { SourceOptions } from './sourceOptions.ts';

/** Where the emotion encoder and the predictor are searched for. */
export interface Search {
  readonly found: FoundNetworks;
  /** Every opened file is added here, to be closed together. */
  readonly files: OpenCheckpoints;
  /** What the user gave as the model. */
  readonly path: string;
  readonly options: SourceOptions;
  /** Config of the text encoder, where there is a file of it; otherwise it follows from the shapes. */
  readonly textConfig?: string;
}

/**
 * The emotion encoder, from the file that the user names or from those found; without one, the text encoder. With
 * `withText`, both.
 * @param tokenWidth of the UNet
 * @throws ImportError
 */
export async function openConditioning(
  search: Search,
  tokenWidth: number,
): Promise<Pick<ModelSource, 'conditioning' | 'text'>> {
  const { found, path, options } = search;
  await addGiven(search, 'emotionEncoder', options.emotionEncoder);
  const hasEmotions = found.networks.has('emotionEncoder');
  if (found.networks.has('textEncoder') && !hasEmotions) {
    return { conditioning: { kind: 'instruction', ...(await openText(search)) } };
  }
  const weights = foundNetwork(found, 'emotionEncoder', options.emotionEncoder ?? path);
  const inferred = inferEmotionEncoderConfig(weights, tokenWidth);
  const config = parseConfig(inferred, PART_CONFIGS.emotionEncoder, weights.path);
  return {
    conditioning: { kind: 'emotion-direction', config, weights },
    ...(options.withText === true ? { text: await openText(search) } : {}),
  };
}

async function openText({ found, path, options, textConfig }: Search): Promise<TextPart> {
  const weights = foundNetwork(found, 'textEncoder', path);
  const config =
    textConfig === undefined
      ? parseConfig(inferClipTextConfig(weights), PART_CONFIGS.textEncoder, weights.path)
      : await readConfig(textConfig, PART_CONFIGS.textEncoder);
  const vocabulary = await openVocabulary(options.tokenizer, join(path, 'tokenizer'));
  return { config, weights, vocabulary };
}

/**
 * The predictor: from the file that the user names, from a folder with the config beside the weights as our training
 * writes it, from a bundle, or from the files that were found. A model that follows instructions knows nothing of
 * emotions: where it brings no predictor it gets the starter's, which reads any picture.
 * @throws ImportError, ModelError for a bundle that is damaged
 */
export async function openPredictor(
  search: Search,
  kind: ConditioningPart['kind'],
): Promise<Part<'predictor'> | BundledPredictor> {
  const { found, files, path, options } = search;
  const given = options.predictor;
  const inFolder = given !== undefined && (await isFolder(given));
  const needsOne = given === undefined && !found.networks.has('predictor');
  if (kind === 'instruction' && needsOne) {
    return bundledPredictor(join(EMBEDDED_BUNDLES, DEFAULT_BUNDLE));
  }
  if (inFolder && (await isBundle(given))) return bundledPredictor(given);
  if (inFolder) {
    const config = await readConfig(join(given, 'config.json'), PART_CONFIGS.predictor);
    return { config, weights: await files.add(openCheckpoint(await weightsIn(given, ['model']))) };
  }
  await addGiven(search, 'predictor', given);
  const weights = foundNetwork(found, 'predictor', given ?? path);
  const config = parseConfig(inferResnetConfig(weights), PART_CONFIGS.predictor, weights.path);
  return { config, weights };
}

const bundledPredictor = async (folder: string): Promise<BundledPredictor> => ({
  folder,
  bundle: await readBundle(folder),
});

/** A file that the user names takes precedence over those found, and may be one of them. */
async function addGiven(
  { found, files }: Search,
  network: Network,
  file: string | undefined,
): Promise<void> {
  if (file === undefined) return;
  const path = found.networks.get(network)?.path;
  if (path !== undefined && resolve(path) === resolve(file)) return;
  leaveOut(found, network);
  addNetworks(found, await files.add(openCheckpoint(file)));
}
