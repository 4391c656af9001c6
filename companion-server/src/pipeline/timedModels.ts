import type { ModelSet } from './modelPorts.ts';
import type { Stopwatch } from './stopwatch.ts';

type Models = Pick<
  ModelSet,
  'vae' | 'tinyDecoder' | 'unet' | 'emotionEncoder' | 'instructions' | 'predictor'
>;

/** The same models with the time inside them added up as `models`, and inside the UNet alone as `unet`. */
export function timedModels(models: Models, watch: Stopwatch): Models {
  const { vae, tinyDecoder, unet, emotionEncoder, instructions, predictor } = models;
  const timed = <T>(work: () => Promise<T>) => watch.time('models', work);
  return {
    vae: {
      encode: (image) => timed(() => vae.encode(image)),
      decode: (latents) => timed(() => vae.decode(latents)),
    },
    ...(tinyDecoder === undefined
      ? {}
      : { tinyDecoder: { decode: (latents) => timed(() => tinyDecoder.decode(latents)) } }),
    unet: {
      predictNoise: (sample, timestep, tokens) =>
        timed(() => watch.time('unet', () => unet.predictNoise(sample, timestep, tokens))),
    },
    ...(emotionEncoder === undefined
      ? {}
      : {
          emotionEncoder: {
            encode: (directions) => timed(() => emotionEncoder.encode(directions)),
          },
        }),
    ...(instructions === undefined
      ? {}
      : {
          instructions: {
            ...instructions,
            encode: (texts) => timed(() => instructions.encode(texts)),
          },
        }),
    predictor: { predict: (image) => timed(() => predictor.predict(image)) },
  };
}
