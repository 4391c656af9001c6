import type { Bundle } from '../models/bundle.ts';
import type { ModelSource } from './modelSource.ts';

/**
 * `bundle.json` of a model whose graphs and weights were written.
 * @param unused tensors that are in no graph, by part or file
 */
export function describeBundle(
  { card, vae, predictor, emotionEncoder, scheduler, workingSize }: ModelSource,
  id: string,
  precision: Bundle['precision'],
  files: Bundle['files'],
  unused: Readonly<Record<string, readonly string[]>>,
): Bundle {
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
    workingSize,
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
    files: [...files],
    provenance: Object.keys(unused).length === 0 ? provenance : { ...provenance, unused },
  };
}
