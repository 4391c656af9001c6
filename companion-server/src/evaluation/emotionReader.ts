import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EMOTIONS, type EmotionVector } from '@emoeditor/shared';
import { squashResize } from '../models/squashResize.ts';
import { withOutputs } from '../onnx/withOutputs.ts';
import { openOnnxSession } from '../runtime/onnxSession.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { heatOf } from './gradCam/region.ts';
import { findTail } from './gradCam/tail.ts';
import { meanGradient, type TailValues } from './gradCam/tailGradient.ts';

/** What a predictor says of one picture. */
export interface EmotionReading {
  /** Over the eight emotions, in the order of EMOTIONS. */
  readonly distribution: EmotionVector;
  /** Grad-CAM of the first class, [224 · 224] in 0 … 1; null where the graph is of a kind that is not known. */
  readonly heat: Float32Array | null;
  /** Channel means of the last block, [C]; null as above. */
  readonly features: Float32Array | null;
  /** Further outputs of the graph, such as `ratings` and `valence`, by name. */
  readonly others: Readonly<Record<string, readonly number[]>>;
}

/** A predictor opened for measuring: it also gives its last block and what it makes of it. */
export interface EmotionReader {
  /** @param picture [1, 3, H, W] in [0, 1], sRGB, of any size */
  read(picture: Tensor): Promise<EmotionReading>;
  release(): Promise<void>;
}

const PREFIX = 'tail ';
/** Values that depend on the picture; the others are weights and are read once. */
const OF_PICTURE: readonly string[] = ['last', 'head', 'pooled', 'shares'];

/**
 * Opens the graph of a predictor on the CPU, so that figures do not depend on the machine's provider.
 * @param graph file with the input `image` [n, 3, S, S] in [0, 1] and the output `probabilities` [n, 8]
 * @throws the runtime's errors
 */
export async function openEmotionReader(
  graph: string,
  inputSize: number,
  threads = 1,
): Promise<EmotionReader> {
  const model = await readFile(graph);
  const tail = findTail(model);
  const settings = { provider: 'cpu', threads, weightsFolder: dirname(graph) };
  const valuesOf = (wanted: (name: string) => boolean) =>
    Object.fromEntries(
      Object.entries(tail?.values ?? {})
        .filter(([name]) => wanted(name))
        .map(([name, value]) => [PREFIX + name, value]),
    );
  const weights = await readWeights(
    withOutputs(
      model,
      valuesOf((name) => !OF_PICTURE.includes(name)),
    ),
    inputSize,
    settings,
  );
  const session = await openOnnxSession(
    withOutputs(
      model,
      valuesOf((name) => OF_PICTURE.includes(name)),
    ),
    settings,
  );
  return {
    async read(picture) {
      const outputs = await session.run({ image: squashResize(picture, inputSize) });
      const distribution = numbers(outputs['probabilities']);
      const others = Object.entries(outputs).filter(
        ([name]) => name !== 'probabilities' && !name.startsWith(PREFIX),
      );
      const values = { ...weights, ...ofTail(outputs) };
      const { last } = values;
      const first = distribution.indexOf(Math.max(...distribution));
      const isKnown = tail !== null && last !== undefined;
      return {
        distribution: distribution.slice(0, EMOTIONS.length),
        heat: isKnown ? heatOf(last, meanGradient(tail, values, first)) : null,
        features: isKnown ? channelMeans(last) : null,
        others: Object.fromEntries(others.map(([name, value]) => [name, numbers(value)])),
      };
    },
    release: () => session.release(),
  };
}

async function readWeights(
  model: Uint8Array,
  inputSize: number,
  settings: Parameters<typeof openOnnxSession>[1],
): Promise<TailValues> {
  const session = await openOnnxSession(model, settings);
  try {
    const dims = [1, 3, inputSize, inputSize];
    const data = new Float32Array(3 * inputSize * inputSize);
    return ofTail(await session.run({ image: { data, dims } }));
  } finally {
    await session.release();
  }
}

const ofTail = (outputs: Readonly<Record<string, Tensor>>): TailValues =>
  Object.fromEntries(
    Object.entries(outputs)
      .filter(([name]) => name.startsWith(PREFIX))
      .map(([name, value]) => [name.slice(PREFIX.length), value]),
  );

const numbers = (value: Tensor | undefined): number[] => Array.from(value?.data ?? []);

function channelMeans({ data, dims }: Tensor): Float32Array {
  const [, channels = 0] = dims;
  const pixels = data.length / channels;
  return Float32Array.from({ length: channels }, (_, c) => {
    let sum = 0;
    for (let i = c * pixels; i < (c + 1) * pixels; i++) sum += data[i] as number;
    return sum / pixels;
  });
}
