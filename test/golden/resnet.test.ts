import { join } from 'node:path';
import {
  buildResnet,
  inferResnetConfig,
  resnetConfigSchema,
} from '@emoeditor/companion-server/importer/architectures/resnet.ts';
import { openSafetensors } from '@emoeditor/companion-server/importer/checkpoint/safetensors.ts';
import type { Tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { describe, expect, it } from 'vitest';
import { readTensors, relativeError, runGraph } from './runGraph.ts';

/** ResNets with random weights and their outputs from transformers; provenance.json says how they were made. */
const GOLDEN = join(import.meta.dirname, 'resnet');
const SMALL_SIDE = 40;

async function configOf(name: string) {
  const file = await openSafetensors(join(GOLDEN, `${name}.safetensors`));
  const inferred = inferResnetConfig(file);
  await file.close();
  return resnetConfigSchema.parse({ ...inferred, input_size: SMALL_SIDE });
}

describe.each([
  { name: 'basic', layers: [1, 2, 1, 1], width: 4 },
  { name: 'bottleneck', layers: [1, 2, 1, 1], width: 2 },
])('a ResNet of $name blocks', ({ name, layers, width }) => {
  it('is recognised by the shapes of its tensors', async () => {
    expect(await configOf(name)).toMatchObject({ block: name, layers, width });
  });

  it.each([
    { precision: 'float32', profile: 'cpu', tolerance: 1e-4 },
    { precision: 'float16', profile: 'cpu', tolerance: 5e-3 },
    { precision: 'float32', profile: 'portable', tolerance: 1e-4 },
  ] as const)('gives the numbers of PyTorch in $precision for $profile', async (way) => {
    const config = await configOf(name);
    const golden = await readTensors(join(GOLDEN, 'io.safetensors'));
    const {
      outputs: { probabilities },
      unused,
    } = await runGraph(
      join(GOLDEN, `${name}.safetensors`),
      way,
      (graph, weights) => buildResnet(graph, config, weights),
      { image: golden(`${name}.image`) },
    );
    const error = relativeError(probabilities as Tensor, golden(`${name}.probabilities`));
    expect(error).toBeLessThan(way.tolerance);
    expect(unused.filter((tensor) => !tensor.endsWith('.num_batches_tracked'))).toEqual([]);
  });
});

describe('the ResNet config', () => {
  const shapes = new Map([
    ['conv1.weight', [64, 3, 7, 7]],
    ['fc.weight', [1000, 512]],
  ]);

  it('is refused for classes that are not the eight emotions', () => {
    expect(() => inferResnetConfig({ shapes, path: 'imagenet.pt' })).toThrow(
      /8 classes but imagenet.pt has 1000/,
    );
  });

  it('names the tensor that is missing', () => {
    expect(() => inferResnetConfig({ shapes: new Map(), path: 'other.pt' })).toThrow(
      /fc.weight in other.pt/,
    );
  });
});
