import { EMOTIONS } from '@emoeditor/shared';
import type { ModelSet } from '../pipeline/modelPorts.ts';
import type { InferenceSession } from '../runtime/inferenceRuntime.ts';
import { type Tensor, tensor } from '../tensor/tensor.ts';
import { type Bundle, type BundlePart, hasPart } from './bundle.ts';
import { squashResize } from './squashResize.ts';

/** The model ports over the graphs of a bundle; inputs and outputs are named as the importer writes them. */
export function onnxModels(
  session: (part: BundlePart) => Promise<InferenceSession>,
  bundle: Pick<Bundle, 'predictor' | 'latents' | 'files'>,
): Pick<ModelSet, 'vae' | 'tinyDecoder' | 'unet' | 'emotionEncoder' | 'predictor'> {
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
    ...(hasPart(bundle, 'tinyDecoder')
      ? { tinyDecoder: { decode: (latents: Tensor) => run('tinyDecoder', { latents }, 'image') } }
      : {}),
    unet: {
      predictNoise: (sample, timestep, tokens) =>
        run(
          'unet',
          {
            sample: withSourceScaled(sample, bundle.latents.sourceScale),
            timestep: tensor(Float32Array.of(timestep), [1]),
            tokens,
          },
          'noisePred',
        ),
    },
    ...(hasPart(bundle, 'emotionEncoder')
      ? {
          emotionEncoder: {
            encode: (directions: Tensor) => run('emotionEncoder', { directions }, 'tokens'),
          },
        }
      : {}),
    predictor: {
      async predict(image) {
        const squashed = squashResize(image, bundle.predictor.inputSize);
        const { data, dims } = await run('predictor', { image: squashed }, 'probabilities');
        const count = EMOTIONS.length;
        return Array.from({ length: dims[0] as number }, (_, row) =>
          Array.from(data.subarray(row * count, (row + 1) * count)),
        );
      },
    },
  };
}

/** noisy latents ++ source latents [n, 2c, h, w], the latter multiplied by `scale`. */
function withSourceScaled(sample: Tensor, scale: number): Tensor {
  if (scale === 1) return sample;
  const [n = 0] = sample.dims;
  const data = sample.data.slice();
  const row = data.length / n;
  for (let i = 0; i < data.length; i++) {
    if (i % row >= row / 2) data[i] = (data[i] as number) * scale;
  }
  return { data, dims: sample.dims };
}
