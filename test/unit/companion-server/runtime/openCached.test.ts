import { readdir, writeFile } from 'node:fs/promises';
import { createWeightsLayout } from '@emoeditor/companion-server/importer/weights/weightsFile.ts';
import { createGraphBuilder } from '@emoeditor/companion-server/onnx/graphBuilder.ts';
import { conv2d } from '@emoeditor/companion-server/onnx/layers.ts';
import { encodeModel } from '@emoeditor/companion-server/onnx/onnxModel.ts';
import { CACHED_GRAPH, createGraphCache } from '@emoeditor/companion-server/runtime/graphCache.ts';
import { openCached } from '@emoeditor/companion-server/runtime/openCached.ts';
import { wave } from '@emoeditor/companion-server/runtime/providerProbe.ts';
import { tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../temporaryFolder.ts';

const cpu = { provider: 'cpu', threads: 1 };
const folder = temporaryFolder('each');
let graph: string;
let weights: string;

async function writeModel(seed: number): Promise<void> {
  const layout = createWeightsLayout('m.weights', 'float16');
  const source = {
    take: (name: string, shape: readonly number[]) => ({
      name,
      shape,
      read: async () =>
        wave(
          shape.reduce((a, b) => a * b, 1),
          seed,
        ),
    }),
  };
  const builder = createGraphBuilder('m', source, layout);
  builder.input('x', [1, 16, 8, 8]);
  builder.output('y', [1, 16, 8, 8]);
  conv2d(builder, 'x', 'conv', [16, 16, 3], { as: 'y' });
  await writeFile(graph, encodeModel(builder.finish()));
  await layout.write(weights, { signal: new AbortController().signal });
}

async function answer(cache: ReturnType<typeof createGraphCache> | null): Promise<Float32Array> {
  const session = await openCached(graph, weights, cpu, cache, 0);
  const { y } = await session.run({ x: tensor(wave(16 * 64, 0.3), [1, 16, 8, 8]) });
  await session.release();
  return y?.data ?? new Float32Array();
}

beforeEach(async () => {
  [graph, weights] = [folder('m.onnx'), folder('m.weights')];
  await writeModel(1);
});

describe('openCached', () => {
  it('computes the same without a cache, on making an entry, and on using it', async () => {
    const cache = createGraphCache(folder('cache'));
    const plain = await answer(null);
    expect(await answer(cache)).toEqual(plain);
    expect(await readdir(folder('cache'))).toHaveLength(1);
    expect(await answer(cache)).toEqual(plain);
  });

  it('does not answer for new weights from an old entry', async () => {
    const cache = createGraphCache(folder('cache'));
    await answer(cache);
    await writeModel(2);
    expect(await answer(cache)).toEqual(await answer(null));
    expect(await readdir(folder('cache'))).toHaveLength(2);
  });

  it('makes a damaged entry anew', async () => {
    const cache = createGraphCache(folder('cache'));
    const plain = await answer(cache);
    const [key = ''] = await readdir(folder('cache'));
    await writeFile(folder('cache', key, CACHED_GRAPH), 'not a graph');
    expect(await answer(cache)).toEqual(plain);
  });

  it('works where nothing can be written', async () => {
    await writeFile(folder('file'), '');
    const cache = createGraphCache(folder('file', 'cache'));
    expect(await answer(cache)).toEqual(await answer(null));
  });
});
