import { FAST_SETTINGS, type FastSettings } from '../../pipeline/ieiRules/fastSettings.ts';
import { SCALING_FACTOR } from '../keys/inferConfigs.ts';
import type { ConditioningPart, ModelSource } from './modelSource.ts';

/** The scheduler that every model of Stable Diffusion 1 was trained with. */
export const SD1_SCHEDULER: ModelSource['scheduler'] = {
  num_train_timesteps: 1000,
  beta_start: 0.00085,
  beta_end: 0.012,
  beta_schedule: 'scaled_linear',
  prediction_type: 'epsilon',
};

/**
 * Sizes at which the published models of each kind were trained: EmoEditor, and InstructPix2Pix. The latter's authors
 * sample at 512², which takes a CPU five times as long: so do the published rules here, and `fast` where `workingSize` in
 * bundle.json is changed to that.
 * Source: ZhangLab-DeepNeuroCogLab/EmoEditor, train.py; Brooks et al. 2023, §3.2 and edit_cli.py.
 */
export const WORKING_SIZES: Readonly<Record<ConditioningPart['kind'], ModelSource['workingSize']>> =
  {
    'emotion-direction': { area: 224 * 224, multiple: 32 },
    instruction: { area: 256 * 256, multiple: 64 },
  };

/**
 * In every descendant of InstructPix2Pix the UNet sees the source's latents as the VAE gives them, not scaled as the
 * noisy ones are. Source: diffusers' StableDiffusionInstructPix2PixPipeline, prepare_image_latents; EmoEditor, ip2p.py.
 * A tiny autoencoder gives them scaled, as AutoencoderKL's are after its scaling factor.
 */
export const unscaledSource = (vae: ModelSource['vae']['config']): number =>
  1 / (vae._class_name === 'AutoencoderTiny' ? SCALING_FACTOR : vae.scaling_factor);

/**
 * `fast` for emotion models of other people: without guidance. Guidance compares with tokens of nothing, and the authors'
 * training never drops the conditioning, so that their network has not learnt what nothing means; the plain prediction
 * is what it was trained for. Source: ZhangLab-DeepNeuroCogLab/EmoEditor, train.py.
 */
export const UNGUIDED_FAST: FastSettings = {
  ...FAST_SETTINGS,
  weakest: { ...FAST_SETTINGS.weakest, guidanceScale: 1 },
  strongest: { ...FAST_SETTINGS.strongest, guidanceScale: 1 },
};
