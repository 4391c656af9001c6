import { SRGB_PROFILE } from '@emoeditor/shared';
import type { Engine } from '../engine/engine.ts';
import { withinRegion } from '../pipeline/critic/withinRegion.ts';
import type { IterationPictures, Picture } from '../pipeline/edit.ts';
import { imageOf, pictureOf } from '../pipeline/preprocess.ts';
import { tensor } from '../tensor/tensor.ts';

/**
 * An iteration as its layer will look: the fit applied to the source, where the edit shows. What the VAE decodes is
 * softer than the photograph and mottled where the model is unsure; that is not delivered, so it is not shown.
 * The fit is not kept: it takes four times the memory of the edit, and is made in 60 ms for the one that is applied.
 */
export async function layerPreview(
  engine: Pick<Engine, 'fit' | 'composite'>,
  edit: IterationPictures,
): Promise<Picture> {
  const { extent, source, region } = edit;
  const { width, height } = extent;
  const image = tensor(source, [1, 3, height, width]);
  const tile = {
    format: { width, height, channels: 3, sample: 'uint8', range: 255, profile: SRGB_PROFILE },
    data: pictureOf(image).rgb,
  } as const;
  const place = { bounds: { left: 0, top: 0, ...extent }, extent };
  const fit = await engine.fit(edit, SRGB_PROFILE);
  const { data } = await engine.composite(fit, tile, place, { intensity: 1 });
  const whole: Picture = { width, height, rgb: Uint8Array.from(data) };
  return region === null ? whole : pictureOf(withinRegion(imageOf(whole), image, region));
}
