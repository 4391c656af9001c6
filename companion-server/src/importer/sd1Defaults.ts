import type { ModelSource } from './modelSource.ts';

/** The scheduler that every model of Stable Diffusion 1 was trained with. */
export const SD1_SCHEDULER: ModelSource['scheduler'] = {
  num_train_timesteps: 1000,
  beta_start: 0.00085,
  beta_end: 0.012,
  beta_schedule: 'scaled_linear',
  prediction_type: 'epsilon',
};

/**
 * Size at which models that edit by an emotion's direction were trained: the authors'.
 * Source: ZhangLab-DeepNeuroCogLab/EmoEditor, train.py.
 */
export const EMOEDITOR_SIZE: ModelSource['workingSize'] = { area: 224 * 224, multiple: 32 };
