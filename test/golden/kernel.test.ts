import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  buildKernelPredictor,
  kernelPredictorConfigSchema,
} from '@emoeditor/companion-server/importer/architectures/kernelPredictor.ts';
import {
  type Feature,
  liteBackbone,
} from '@emoeditor/companion-server/importer/architectures/liteBackbone.ts';
import type { Tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { describe, expect, it } from 'vitest';
import { readTensors, relativeError, runGraph } from './runGraph.ts';

/** A predictor with random weights and its outputs from PyTorch; provenance.json says how they were made. */
const GOLDEN = join(import.meta.dirname, 'kernel');
const WEIGHTS = join(GOLDEN, 'model.safetensors');

const config = async () =>
  kernelPredictorConfigSchema.parse(
    JSON.parse(await readFile(join(GOLDEN, 'config.json'), 'utf8')),
  );

describe.each([
  { precision: 'float32', profile: 'cpu', tolerance: 1e-4 },
  // Rounds the folded layers, and the kernel compares what little differs between the pictures.
  { precision: 'float16', profile: 'cpu', tolerance: 2e-2 },
  { precision: 'float32', profile: 'portable', tolerance: 1e-4 },
] as const)('a predictor with a kernel head in $precision for $profile', (way) => {
  it('gives the shares and ratings of PyTorch', async () => {
    const expected = await readTensors(join(GOLDEN, 'io.safetensors'));
    const parsed = await config();
    const { outputs, unused } = await runGraph(
      WEIGHTS,
      way,
      (graph, weights) => buildKernelPredictor(graph, parsed, weights),
      { image: expected('image') },
    );
    for (const name of ['probabilities', 'ratings']) {
      expect(relativeError(outputs[name] as Tensor, expected(name))).toBeLessThan(way.tolerance);
    }
    expect(unused).toEqual([]);
  });
});

it('hands out maps at strides 8, 16 and 32 to a network that shares its weights', async () => {
  const expected = await readTensors(join(GOLDEN, 'io.safetensors'));
  const parsed = await config();
  const { outputs } = await runGraph(
    WEIGHTS,
    { precision: 'float32', profile: 'cpu' },
    (graph, weights) => {
      graph.input('image', ['n', 3, parsed.input_size, parsed.input_size]);
      const { at } = liteBackbone(graph, parsed, weights);
      for (const stride of [8, 16, 32]) {
        const { value, channels, side } = at.get(stride) as Feature;
        graph.output(`at${stride}`, ['n', channels, side, side]);
        graph.node('Identity', [value], { as: `at${stride}` });
      }
    },
    { image: expected('image') },
  );
  for (const name of ['at8', 'at16', 'at32']) {
    expect(relativeError(outputs[name] as Tensor, expected(name))).toBeLessThan(1e-4);
  }
});
