import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Bundle } from '../models/bundle.ts';
import type { ExportFolder } from './exportFolder.ts';

/** Working size of the models that training writes; see WORKING_AREA in training/emoeditor/evaluate.py. */
const WORKING_SIZE = { area: 256 * 256, multiple: 32 };

/** `bundle.json` of an export whose graphs and weights lie in `folder`. */
export async function describeBundle(
  { card, vae, predictor, emotionEncoder, scheduler }: ExportFolder,
  folder: string,
  id: string,
  precision: Bundle['precision'],
  files: readonly string[],
): Promise<Bundle> {
  const { name, version, licence, limits, fast, ...provenance } = card;
  return {
    format: 1,
    id: id.toLowerCase().replace(/[^a-z0-9-]+/g, '-'),
    name,
    version,
    kind: 'emotion-direction',
    licence,
    limits,
    latents: { channels: vae.latent_channels, stride: 8, scalingFactor: vae.scaling_factor },
    workingSize: WORKING_SIZE,
    conditioning: { tokens: emotionEncoder.num_tokens, width: emotionEncoder.token_dim },
    classOrder: predictor.class_order,
    predictor: {
      inputSize: predictor.input_size,
      mean: predictor.mean,
      std: predictor.std,
      temperature: predictor.temperature,
    },
    scheduler: {
      numTrainTimesteps: scheduler.num_train_timesteps,
      betaSchedule: scheduler.beta_schedule,
      betaStart: scheduler.beta_start,
      betaEnd: scheduler.beta_end,
      predictionType: scheduler.prediction_type,
    },
    ...(fast === undefined ? {} : { fast }),
    precision,
    files: await Promise.all(files.map((file) => digest(folder, file))),
    provenance,
  };
}

async function digest(folder: string, name: string): Promise<Bundle['files'][number]> {
  const path = join(folder, name);
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return { name, bytes: (await stat(path)).size, sha256: hash.digest('hex') };
}
