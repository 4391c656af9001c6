import type { ModelSet } from '@emoeditor/companion-server/pipeline/modelPorts.ts';
import type { Tensor } from '@emoeditor/companion-server/tensor/tensor.ts';

export const PARTS = ['encode', 'direction', 'unet', 'decode', 'predictor'] as const;
export type Part = (typeof PARTS)[number];

/** One call of one network. */
export interface Call {
  readonly part: Part;
  /** Of its first input: images, directions, or noisy and source latents together. */
  readonly dims: readonly number[];
  readonly ms: number;
}

type Models = Pick<ModelSet, 'vae' | 'unet' | 'predictor'> &
  Required<Pick<ModelSet, 'emotionEncoder'>>;

/** The same models, and a list that every call of theirs is added to. */
export function recorded(models: ModelSet): Models & { readonly calls: Call[] } {
  const calls: Call[] = [];
  const { vae, unet, emotionEncoder, predictor } = models;
  if (emotionEncoder === undefined) throw new Error('Expected a bundle with an emotion encoder.');
  const noted = async <T,>(part: Part, { dims }: Tensor, work: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    const result = await work();
    calls.push({ part, dims, ms: performance.now() - started });
    return result;
  };
  return {
    calls,
    vae: {
      encode: (image) => noted('encode', image, () => vae.encode(image)),
      decode: (latents) => noted('decode', latents, () => vae.decode(latents)),
    },
    unet: {
      predictNoise: (sample, ...rest) =>
        noted('unet', sample, () => unet.predictNoise(sample, ...rest)),
    },
    emotionEncoder: {
      encode: (directions) =>
        noted('direction', directions, () => emotionEncoder.encode(directions)),
    },
    predictor: { predict: (image) => noted('predictor', image, () => predictor.predict(image)) },
  };
}
