import { writeFile } from 'node:fs/promises';
import { createWeightsLayout } from '@emoeditor/companion-server/importer/weights/weightsFile.ts';
import type { GraphBuilder } from '@emoeditor/companion-server/onnx/graph.ts';
import { createGraphBuilder } from '@emoeditor/companion-server/onnx/graphBuilder.ts';
import { conv2d, groupNorm, linear } from '@emoeditor/companion-server/onnx/layers.ts';
import { encodeModel } from '@emoeditor/companion-server/onnx/onnxModel.ts';
import type { StorageType } from '@emoeditor/companion-server/onnx/weights.ts';
import { openOnnxSession } from '@emoeditor/companion-server/runtime/onnxSession.ts';
import type { Tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../temporaryFolder.ts';
import { picture, weights } from './drawnWeights.ts';

const folder = temporaryFolder();

async function run(
  storage: StorageType,
  x: Tensor,
  build: (graph: GraphBuilder) => void,
): Promise<Tensor> {
  const name = `${Math.random().toString(36).slice(2)}`;
  const layout = createWeightsLayout(`${name}.weights`, storage);
  const graph = createGraphBuilder('test', weights, layout);
  build(graph);
  await layout.write(folder(`${name}.weights`), { signal: new AbortController().signal });
  await writeFile(folder(`${name}.onnx`), encodeModel(graph.finish()));
  const session = await openOnnxSession(folder(`${name}.onnx`), {
    provider: 'cpu',
    threads: 1,
  });
  const { y } = await session.run({ x });
  await session.release();
  return y as Tensor;
}

function relativeError(is: Tensor, should: Tensor): number {
  const of = (values: Float32Array) => Math.hypot(...values);
  return of(is.data.map((value, i) => value - (should.data[i] as number))) / of(should.data);
}

describe('a graph', () => {
  it('normalises every group of channels to mean 0 and variance 1, then scales and shifts', async () => {
    const x = picture([2, 4, 3, 5]);
    const y = await run('float32', x, (graph) => {
      graph.input('x', ['n', 4, 'h', 'w']);
      graph.output('y', ['n', 4, 'h', 'w']);
      const normed = groupNorm(graph, 'x', 'norm', 4, { groups: 2, eps: 1e-5 });
      graph.node('Identity', [normed], { as: 'y' });
    });
    const [scale, shift] = await Promise.all(
      ['norm.weight', 'norm.bias'].map((name) => weights.take(name, [4]).read()),
    );
    const group = x.data.subarray(0, 30);
    const mean = group.reduce((a, b) => a + b) / 30;
    const variance = group.reduce((a, b) => a + (b - mean) ** 2, 0) / 30;
    for (const i of [0, 14, 15, 29]) {
      const c = Math.floor(i / 15);
      const normed = ((x.data[i] as number) - mean) / Math.sqrt(variance + 1e-5);
      const should = normed * (scale?.[c] as number) + (shift?.[c] as number);
      expect(y.data[i]).toBeCloseTo(should, 5);
    }
  });

  it('takes a weight that is used twice from one place', () => {
    const layout = createWeightsLayout('w', 'float32');
    const graph = createGraphBuilder('test', weights, layout);
    expect(graph.weight('a', [2, 2])).toBe(graph.weight('a', [2, 2]));
    expect(layout.count).toBe(1);
  });

  it.each([
    ['float16', 1e-3],
    ['int8', 2e-2],
  ] as const)('with %s weights computes nearly what it does in float32', async (storage, most) => {
    const x = picture([1, 64, 6, 6]);
    const build = (graph: GraphBuilder) => {
      graph.input('x', ['n', 64, 6, 6]);
      graph.output('y', ['n', 256, 6, 192]);
      const wide = conv2d(graph, 'x', 'conv', [64, 256, 3]);
      const rows = graph.node('Reshape', [wide, graph.integers([0, 36, 256])]);
      const out = linear(graph, rows, 'linear', [256, 192]);
      graph.node('Reshape', [out, graph.integers([0, 6, 6, 192])], { as: 'y' });
    };
    const exact = await run('float32', x, build);
    const stored = await run(storage, x, build);
    const error = relativeError(stored, exact);
    expect(error).toBeGreaterThan(0);
    expect(error).toBeLessThan(most);
  });
});
