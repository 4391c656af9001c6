import { join } from 'node:path';
import { exists, isFolder } from '../../files/onDisk.ts';
import { openCheckpoint } from '../checkpoint/openCheckpoint.ts';
import type { OpenCheckpoints } from '../checkpoint/openCheckpoints.ts';
import { weightsIn } from '../checkpoint/weightsIn.ts';
import { ImportError } from '../importError.ts';
import { inferTinyConfig } from '../keys/inferTinyConfig.ts';
import { tinyAutoencoder } from '../keys/tinyNames.ts';
import { type ModelSource, PART_CONFIGS } from './modelSource.ts';
import { parseConfig, readConfig } from './readConfig.ts';
import type { SourceOptions } from './sourceOptions.ts';

/**
 * A decoder of a twentieth of the VAE's size, for previews and the critic: from a file, or from a folder, whose config
 * is used if it has one.
 * @throws ImportError
 */
export async function openTinyDecoder(
  files: OpenCheckpoints,
  { tinyDecoder: path }: Pick<SourceOptions, 'tinyDecoder'>,
): Promise<Pick<ModelSource, 'tinyDecoder'>> {
  if (path === undefined) return {};
  const file = (await isFolder(path)) ? await weightsIn(path, ['diffusion_pytorch_model']) : path;
  const weights = tinyAutoencoder(await files.add(openCheckpoint(file)));
  if (!weights.shapes.has('decoder.layers.0.weight')) throw noDecoder(file);
  const said = join(path, 'config.json');
  const config = (await exists(said))
    ? await readConfig(said, PART_CONFIGS.tinyDecoder)
    : parseConfig(inferTinyConfig(weights), PART_CONFIGS.tinyDecoder, file);
  return { tinyDecoder: { config, weights } };
}

const noDecoder = (path: string) =>
  new ImportError(
    'MISSING_TENSOR',
    `Expected the decoder of a tiny autoencoder in ${path} but it has no tensor decoder.layers.0.weight or 1.weight.`,
    'Give diffusers’ AutoencoderTiny or taesd_decoder with --tiny-decoder.',
  );
