import { type Bundle, type BundlePart, PARTS_OF_KIND } from '../models/bundle.ts';
import type { StorageType } from '../onnx/weights.ts';
import { type ModelSource, tokensOf } from './modelSource.ts';

/**
 * `bundle.json` of a model whose graphs and weights were written.
 * @param unused tensors that are in no graph, by part or file
 */
export function describeBundle(
  { card, vae, conditioning, predictor, scheduler, workingSize }: ModelSource,
  id: string,
  precision: Readonly<Record<BundlePart, StorageType>>,
  files: Bundle['files'],
  unused: Readonly<Record<string, readonly string[]>>,
): Bundle {
  const { name, version, licence, limits, fast, ...provenance } = card;
  return {
    format: 1,
    id: id.toLowerCase().replace(/[^a-z0-9-]+/g, '-'),
    name,
    version,
    kind: conditioning.kind,
    licence,
    limits,
    latents: {
      channels: vae.config.latent_channels,
      stride: 8,
      scalingFactor: vae.config.scaling_factor,
    },
    workingSize,
    conditioning: tokensOf(conditioning),
    classOrder: predictor.config.class_order,
    predictor: {
      inputSize: predictor.config.input_size,
      mean: predictor.config.mean,
      std: predictor.config.std,
      temperature: predictor.config.temperature,
    },
    scheduler: {
      numTrainTimesteps: scheduler.num_train_timesteps,
      betaSchedule: scheduler.beta_schedule,
      betaStart: scheduler.beta_start,
      betaEnd: scheduler.beta_end,
      predictionType: scheduler.prediction_type,
    },
    ...(fast === undefined ? {} : { fast }),
    precision: Object.fromEntries(
      PARTS_OF_KIND[conditioning.kind].map((part) => [part, precision[part]]),
    ),
    files: [...files],
    provenance: Object.keys(unused).length === 0 ? provenance : { ...provenance, unused },
  };
}
