import { type EmotionVector, SRGB_PROFILE } from '@emoeditor/shared';
import type { CompositeSettings } from '../compositor/compositor.ts';
import type { Engine } from '../engine/engine.ts';
import { layerPreview } from '../engine/layerPreview.ts';
import type { KeptIteration } from './job.ts';
import type { Jobs } from './jobs.ts';

/**
 * What the predictor reads in the layer of an iteration at an intensity (0 to 1.5), where it shows.
 * @throws ProtocolError, the signal's reason
 */
export async function readLayer(
  { engine, jobs }: { readonly engine: Engine; readonly jobs: Pick<Jobs, 'fitOf'> },
  iteration: KeptIteration,
  settings: Pick<CompositeSettings, 'intensity'> & { readonly elements?: number | undefined },
  signal: AbortSignal,
): Promise<EmotionVector> {
  const fit = await jobs.fitOf(iteration, SRGB_PROFILE);
  signal.throwIfAborted();
  return engine.predict(
    await layerPreview(engine, iteration.edit, fit, {
      intensity: settings.intensity,
      ...(settings.elements === undefined ? {} : { elements: settings.elements }),
    }),
    signal,
  );
}
