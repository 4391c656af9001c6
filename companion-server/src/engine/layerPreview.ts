import { SRGB_PROFILE } from '@emoeditor/shared';
import type { CompositeSettings } from '../compositor/compositor.ts';
import { withinRegion } from '../pipeline/critic/withinRegion.ts';
import type { IterationPictures, Picture } from '../pipeline/edit.ts';
import { imageOf, pictureOf } from '../pipeline/preprocess.ts';
import { tensor } from '../tensor/tensor.ts';
import type { Engine } from './engine.ts';
import type { LayerFit } from './layerFit.ts';

/**
 * An iteration at working size as its layer will look at an intensity: the fit applied to the source, where
 * the edit shows.
 */
export async function layerPreview(
  engine: Pick<Engine, 'composite'>,
  { extent, source, region }: Pick<IterationPictures, 'extent' | 'source' | 'region'>,
  fit: LayerFit,
  settings: CompositeSettings,
): Promise<Picture> {
  const { width, height } = extent;
  const image = tensor(source, [1, 3, height, width]);
  const tile = {
    format: { width, height, channels: 3, sample: 'uint8', range: 255, profile: SRGB_PROFILE },
    data: pictureOf(image).rgb,
  } as const;
  const place = { bounds: { left: 0, top: 0, ...extent }, extent };
  const { data } = await engine.composite(fit, tile, place, settings);
  const whole: Picture = { width, height, rgb: Uint8Array.from(data) };
  return region === null ? whole : pictureOf(withinRegion(imageOf(whole), image, region));
}
