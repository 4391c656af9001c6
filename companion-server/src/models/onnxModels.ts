import { EMOTIONS } from '@emoeditor/shared';
import type { InferenceSession } from '../runtime/inferenceRuntime.ts';
import { type Tensor, tensor } from '../tensor/tensor.ts';
import type { BundlePart } from './bundle.ts';
import type { EmotionEncoder, ModelSet } from './modelPorts.ts';
import { squashResize } from './squashResize.ts';

/** The model ports over the graphs of a bundle; inputs and outputs are named as the importer writes them. */
export function onnxModels(
  session: (part: BundlePart) => Promise<InferenceSession>,
  predictorSide: number,
): Pick<ModelSet, 'vae' | 'unet' | 'predictor'> & { emotionEncoder: EmotionEncoder } {
  const run = async (
    part: BundlePart,
    inputs: Readonly<Record<string, Tensor>>,
    output: string,
  ): Promise<Tensor> => {
    const found = (await (await session(part)).run(inputs))[output];
    if (found === undefined) throw new RangeError(`The graph ${part} has no output ${output}.`);
    return found;
  };
  return {
    vae: {
      encode: (image) => run('vaeEncoder', { image }, 'latents'),
      decode: (latents) => run('vaeDecoder', { latents }, 'image'),
    },
    unet: {
      predictNoise: (sample, timestep, tokens) =>
        run(
          'unet',
          { sample, timestep: tensor(Float32Array.of(timestep), [1]), tokens },
          'noisePred',
        ),
    },
    emotionEncoder: {
      encode: (directions) => run('emotionEncoder', { directions }, 'tokens'),
    },
    predictor: {
      async predict(image) {
        const squashed = squashResize(image, predictorSide);
        const { data, dims } = await run('predictor', { image: squashed }, 'probabilities');
        const count = EMOTIONS.length;
        return Array.from({ length: dims[0] as number }, (_, row) =>
          Array.from(data.subarray(row * count, (row + 1) * count)),
        );
      },
    },
  };
}
