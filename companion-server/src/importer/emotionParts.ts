import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkpoint } from './checkpoint/checkpoint.ts';
import { openCheckpoint } from './checkpoint/openCheckpoint.ts';
import type { OpenCheckpoints } from './checkpoint/openCheckpoints.ts';
import { weightsIn } from './checkpoint/weightsIn.ts';
import { addNetworks, type FoundNetworks, foundNetwork } from './foundNetworks.ts';
import { inferEmotionEncoderConfig } from './keys/inferConfigs.ts';
import { type ModelSource, PART_CONFIGS } from './modelSource.ts';
import type { SourceOptions } from './openModelSource.ts';
import { parseConfig, readConfig } from './readConfig.ts';
import { inferResnetConfig } from './resnet.ts';

/** What makes an editor of pictures one of emotions. */
export interface EmotionParts extends Pick<ModelSource, 'emotionEncoder' | 'predictor'> {
  readonly weights: Pick<ModelSource['weights'], 'emotion_encoder' | 'predictor'>;
}

/**
 * The emotion encoder and the predictor: from the files that the user names, or from those that were found.
 * @param tokenWidth of the UNet that takes the encoder's tokens
 * @param path what the user gave as the model
 * @throws ImportError
 */
export async function openEmotionParts(
  found: FoundNetworks,
  files: OpenCheckpoints,
  tokenWidth: number,
  path: string,
  { emotionEncoder: encoderFile, predictor: predictorFile }: SourceOptions,
): Promise<EmotionParts> {
  if (encoderFile !== undefined) {
    found.networks.delete('emotionEncoder');
    addNetworks(found, await files.add(openCheckpoint(encoderFile)));
  }
  const encoder = foundNetwork(found, 'emotionEncoder', encoderFile ?? path);
  const predictor = await openPredictor(found, files, path, predictorFile);
  return {
    emotionEncoder: parseConfig(
      inferEmotionEncoderConfig(encoder, tokenWidth),
      PART_CONFIGS.emotion_encoder,
      encoder.path,
    ),
    predictor: predictor.config,
    weights: { emotion_encoder: encoder, predictor: predictor.weights },
  };
}

/** @param given file, or a folder with the config beside the weights as our training writes it */
async function openPredictor(
  found: FoundNetworks,
  files: OpenCheckpoints,
  path: string,
  given: string | undefined,
): Promise<{ config: ModelSource['predictor']; weights: Checkpoint }> {
  const isFolder = given !== undefined && (await stat(given).catch(() => null))?.isDirectory();
  if (isFolder) {
    const config = await readConfig(join(given, 'config.json'), PART_CONFIGS.predictor);
    return { config, weights: await files.add(openCheckpoint(await weightsIn(given, ['model']))) };
  }
  if (given !== undefined) {
    found.networks.delete('predictor');
    addNetworks(found, await files.add(openCheckpoint(given)));
  }
  const weights = foundNetwork(found, 'predictor', given ?? path);
  const config = parseConfig(inferResnetConfig(weights), PART_CONFIGS.predictor, weights.path);
  return { config, weights };
}
