import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  autoencoderTinyConfigSchema,
  buildTinyDecoder,
  buildTinyEncoder,
} from '@emoeditor/companion-server/importer/architectures/autoencoderTiny.ts';
import { buildEmotionEncoder } from '@emoeditor/companion-server/importer/architectures/emotionEncoder.ts';
import {
  buildResnet,
  resnetConfigSchema,
} from '@emoeditor/companion-server/importer/architectures/resnet.ts';
import { createWeightsLayout } from '@emoeditor/companion-server/importer/weights/weightsFile.ts';
import type { GraphBuilder } from '@emoeditor/companion-server/onnx/graph.ts';
import { createGraphBuilder } from '@emoeditor/companion-server/onnx/graphBuilder.ts';
import type { WeightSource } from '@emoeditor/companion-server/onnx/weights.ts';
import { EMOTIONS } from '@emoeditor/shared';
import { writeTorchZip } from '../../test/fakes/checkpoints/writeTorchZip.ts';
import { AUTHORS_EMOTION_ENCODER } from '../engine/diffusersFolder.mts';
import { randomWeights } from '../engine/randomWeights.mts';

const NAMES = join(import.meta.dirname, '../../test/golden/names');

interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Tensors of Stable Diffusion 1.5 with eight input channels, as test/golden/names lists them. */
const listed = (file: string, prefix: string): Tensor[] =>
  readFileSync(join(NAMES, file), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [name = '', shape = ''] = line.split('\t');
      return { name: prefix + name, shape: shape.split('x').map(Number) };
    });

/** Tensors that a graph takes. */
function takenBy(build: (graph: GraphBuilder, weights: WeightSource) => void): Tensor[] {
  const taken = new Map<string, Tensor>();
  const weights: WeightSource = {
    take(name, shape) {
      taken.set(name, { name, shape });
      return randomWeights.take(name, shape);
    },
  };
  const layout = createWeightsLayout('none.weights', 'float32');
  build(createGraphBuilder('names', weights, layout), weights);
  return [...taken.values()];
}

const write = (path: string, tensors: readonly Tensor[]) =>
  writeTorchZip(
    path,
    tensors.map(({ name, shape }) => ({
      name,
      shape,
      // A variance is positive; everything else may be anything.
      values: async () => {
        const values = await randomWeights.take(name, shape).read();
        return name.endsWith('running_var') ? values.map((value) => 1 + value) : values;
      },
    })),
  );

/** Writes random weights of the authors' three files at full size, in float32: 4 GB. */
export async function writeAuthorsFiles(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await write(join(folder, 'model_ip2p.pt'), [
    ...listed('unet.tsv', 'unet.'),
    ...listed('vae.tsv', 'auto_encoder.'),
  ]);
  await write(
    join(folder, 'model_emoenc.pt'),
    takenBy((graph) => buildEmotionEncoder(graph, AUTHORS_EMOTION_ENCODER)),
  );
  const predictor = resnetConfigSchema.parse({
    _class_name: 'ResNet',
    num_classes: 8,
    input_size: 224,
    mean: [0, 0, 0],
    std: [1, 1, 1],
    temperature: 1,
    class_order: EMOTIONS,
    block: 'basic',
    layers: [2, 2, 2, 2],
    width: 64,
  });
  await write(
    join(folder, 'emo_predictor.pt'),
    takenBy((graph, weights) => buildResnet(graph, predictor, weights)),
  );
}

/** Writes random weights of a TAESD, the tiny autoencoder over the same latents: a file for `--tiny-decoder`. */
export async function writeTinyAutoencoder(file: string): Promise<void> {
  const config = autoencoderTinyConfigSchema.parse({ _class_name: 'AutoencoderTiny' });
  await write(file, [
    ...takenBy((graph) => buildTinyEncoder(graph, config)),
    ...takenBy((graph) => buildTinyDecoder(graph, config)),
  ]);
}
