import { EMOTIONS } from '@emoeditor/shared';
import type { Bundle } from '../../models/bundle.ts';
import type { FastSettings } from '../../pipeline/ieiRules/fastSettings.ts';
import { type ModelSource, tokensOf } from '../sources/modelSource.ts';

/**
 * `fast` settings of a model that follows instructions. Guidance over text and image takes three UNet evaluations a
 * step. Such a model starts from pure noise, with the picture as a condition; a blind one (without that condition)
 * preserves only what the start noise leaves of the picture.
 */
function instructedFast(isBlind: boolean): FastSettings {
  return {
    steps: 10,
    candidates: 2,
    weakest: { startStrength: isBlind ? 0.35 : 0.75, guidanceScale: 4 },
    strongest: { startStrength: isBlind ? 0.8 : 1, guidanceScale: 9 },
    maxIterations: 4,
    maxUNetEvaluations: 240,
    maxSeconds: 600,
  };
}

/**
 * `bundle.json` of a model whose graphs and weights were written.
 * @param unused tensors that are in no graph, by part or file
 */
export function describeBundle(
  source: ModelSource,
  id: string,
  precision: Bundle['precision'],
  files: Bundle['files'],
  unused: Readonly<Record<string, readonly string[]>>,
): Bundle {
  const { card, unet, vae, conditioning, text, scheduler, workingSize, sourceScale } = source;
  const { kind } = conditioning;
  const isBlind = unet.config.in_channels === vae.config.latent_channels;
  const usual = kind === 'instruction' ? instructedFast(isBlind) : undefined;
  const {
    name,
    version,
    licence,
    limits,
    fast = usual,
    acceptance: _,
    content = true,
    ...provenance
  } = card;
  const hasText = kind === 'instruction' || text !== undefined;
  const { predictor, precision: bundled } = predictorOf(source);
  return {
    format: 1,
    id: id.toLowerCase().replace(/[^a-z0-9-]+/g, '-'),
    name,
    version,
    kind,
    licence,
    limits,
    latents: {
      channels: vae.config.latent_channels,
      stride: 8,
      scalingFactor: vae.config.scaling_factor,
      sourceScale,
    },
    workingSize,
    conditioning: tokensOf(conditioning),
    classOrder: [...EMOTIONS],
    predictor,
    scheduler: {
      numTrainTimesteps: scheduler.num_train_timesteps,
      betaSchedule: scheduler.beta_schedule,
      betaStart: scheduler.beta_start,
      betaEnd: scheduler.beta_end,
      predictionType: scheduler.prediction_type,
    },
    // Brooks et al. 2023, §4; a model without the image condition has no image guidance.
    ...(hasText ? { guidance: { text: 7.5, image: isBlind ? 1 : 1.5 } } : {}),
    ...(fast === undefined ? {} : { fast }),
    ...acceptanceOf(source),
    content,
    precision: { ...precision, ...bundled },
    files: [...files],
    provenance: Object.keys(unused).length === 0 ? provenance : { ...provenance, unused },
  };
}

/** The acceptance thresholds belong to the predictor, so they come from where it comes from. */
function acceptanceOf({ card, predictor }: ModelSource): Pick<Bundle, 'acceptance'> {
  const acceptance = 'bundle' in predictor ? predictor.bundle.acceptance : card.acceptance;
  return acceptance === undefined ? {} : { acceptance };
}

function predictorOf({ predictor }: ModelSource): Pick<Bundle, 'predictor' | 'precision'> {
  if ('bundle' in predictor) {
    const stored = predictor.bundle.precision.predictor;
    return {
      predictor: predictor.bundle.predictor,
      precision: stored === undefined ? {} : { predictor: stored },
    };
  }
  const { input_size: inputSize, mean, std, temperature } = predictor.config;
  return { predictor: { inputSize, mean, std, temperature }, precision: {} };
}
