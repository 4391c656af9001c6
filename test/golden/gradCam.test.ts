import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openEmotionReader } from '@emoeditor/companion-server/evaluation/emotionReader.ts';
import { heatOf } from '@emoeditor/companion-server/evaluation/gradCam/region.ts';
import { findTail } from '@emoeditor/companion-server/evaluation/gradCam/tail.ts';
import { meanGradient } from '@emoeditor/companion-server/evaluation/gradCam/tailGradient.ts';
import {
  buildKernelPredictor,
  kernelPredictorConfigSchema,
} from '@emoeditor/companion-server/importer/architectures/kernelPredictor.ts';
import { openSafetensors } from '@emoeditor/companion-server/importer/checkpoint/safetensors.ts';
import { createWeightReader } from '@emoeditor/companion-server/importer/weights/weightReader.ts';
import { createWeightsLayout } from '@emoeditor/companion-server/importer/weights/weightsFile.ts';
import { EMIT_PROFILES } from '@emoeditor/companion-server/onnx/emitProfile.ts';
import { createGraphBuilder } from '@emoeditor/companion-server/onnx/graphBuilder.ts';
import { encodeModel } from '@emoeditor/companion-server/onnx/onnxModel.ts';
import { withOutputs } from '@emoeditor/companion-server/onnx/withOutputs.ts';
import { openOnnxSession } from '@emoeditor/companion-server/runtime/onnxSession.ts';
import { rowOf } from '@emoeditor/companion-server/tensor/ops.ts';
import { tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporaryFolder.ts';
import { readTensors, relativeError } from './runGraph.ts';

/** A predictor with random weights, and its gradients by PyTorch's autograd. */
const GOLDEN = join(import.meta.dirname, 'kernel');
const at = temporaryFolder();
const never = new AbortController().signal;

/** The network as the importer writes it. */
async function write(precision: 'float32' | 'float16'): Promise<string> {
  const config = kernelPredictorConfigSchema.parse(
    JSON.parse(await readFile(join(GOLDEN, 'config.json'), 'utf8')),
  );
  const file = await openSafetensors(join(GOLDEN, 'model.safetensors'));
  const layout = createWeightsLayout('graph.weights', precision);
  const weights = createWeightReader(file);
  const graph = createGraphBuilder('golden', weights, layout, EMIT_PROFILES.cpu);
  buildKernelPredictor(graph, config, weights);
  await layout.write(at('graph.weights'), { signal: never });
  await writeFile(at('graph.onnx'), encodeModel(graph.finish()));
  await file.close();
  return at('graph.onnx');
}

describe.each([
  { precision: 'float32', tolerance: 1e-3 },
  // The kernel compares what little differs between the pictures, and the folded norms are rounded.
  { precision: 'float16', tolerance: 0.1 },
] as const)('Grad-CAM of a predictor with a kernel head in $precision', (way) => {
  it('has the mean gradients of autograd, and its map', async () => {
    const expected = await readTensors(join(GOLDEN, 'io.safetensors'));
    const model = await readFile(await write(way.precision));
    const tail = findTail(model)!;
    const values = Object.entries(tail.values).map(([name, value]) => [`tail ${name}`, value]);
    const session = await openOnnxSession(withOutputs(model, Object.fromEntries(values)), {
      ...{ provider: 'cpu', threads: 1, weightsFolder: at() },
    });
    const images = expected('image');
    for (let i = 0; i < (images.dims[0] as number); i++) {
      const all = await session.run({ image: rowOf(images, i) });
      const outputs = Object.fromEntries(
        Object.entries(all).map(([name, value]) => [name.replace('tail ', ''), value]),
      );
      const shares = [...outputs['probabilities']!.data];
      const first = shares.indexOf(Math.max(...shares));
      const gradient = meanGradient(tail, outputs, first);
      const [weights, map] = [expected(`camWeights${i}`), expected(`cam${i}`)];
      expect(relativeError(tensor(gradient, weights.dims), weights)).toBeLessThan(way.tolerance);
      const heat = heatOf(outputs['last']!, gradient);
      const shown = Float32Array.from(
        { length: 28 * 28 },
        (_, j) => heat[Math.floor(j / 28) * 8 * 224 + (j % 28) * 8] as number,
      );
      expect(relativeError(tensor(shown, map.dims), map)).toBeLessThan(way.tolerance);
    }
    await session.release();
  });
});

it('a reader gives the graph’s own outputs too', async () => {
  const expected = await readTensors(join(GOLDEN, 'io.safetensors'));
  const reader = await openEmotionReader(await write('float32'), 64);
  const { distribution, heat, features, others } = await reader.read(rowOf(expected('image'), 0));
  for (const [i, share] of distribution.entries()) {
    expect(share).toBeCloseTo(expected('probabilities').data[i] as number, 3);
  }
  expect(heat).toHaveLength(224 * 224);
  expect(features).toHaveLength(16);
  expect(Object.keys(others)).toEqual(['ratings']);
  await reader.release();
});

it('no tail is found in a graph of another kind', async () => {
  const graph = createGraphBuilder(
    'other',
    createWeightReader(await openSafetensors(join(GOLDEN, 'model.safetensors'))),
    createWeightsLayout('other.weights', 'float32'),
    EMIT_PROFILES.cpu,
  );
  graph.input('image', ['n', 3, 8, 8]);
  graph.output('probabilities', ['n', 3, 8, 8]);
  graph.node('Softmax', ['image'], { attributes: { axis: 1 }, as: 'probabilities' });
  expect(findTail(encodeModel(graph.finish()))).toBeNull();
});
