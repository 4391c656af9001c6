import { createWeightsLayout } from '@emoeditor/companion-server/importer/weights/weightsFile.ts';
import { createGraphBuilder } from '@emoeditor/companion-server/onnx/graphBuilder.ts';
import { type ConvOptions, conv2d } from '@emoeditor/companion-server/onnx/layers.ts';
import type { OnnxModel } from '@emoeditor/companion-server/onnx/onnxModel.ts';
import type { StorageType } from '@emoeditor/companion-server/onnx/weights.ts';
import type { Tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../temporaryFolder.ts';
import { outputOf } from './drawnModel.ts';
import { picture, weights } from './drawnWeights.ts';

const folder = temporaryFolder();
/** As many as int8 begins with. */
const CHANNELS = 64;

/** Convolutions one after another, and what comes out. */
async function chain(
  storage: StorageType,
  layers: readonly ConvOptions[],
  x: Tensor,
): Promise<{ model: OnnxModel; y: Tensor }> {
  const layout = createWeightsLayout('chain.weights', storage);
  const graph = createGraphBuilder('test', weights, layout);
  graph.input('x', ['n', CHANNELS, 'h', 'w']);
  graph.output('y', ['n', CHANNELS, 'H', 'W']);
  let value = 'x';
  for (const [i, options] of layers.entries()) {
    const isLast = i === layers.length - 1;
    const as = isLast ? { as: 'y' } : {};
    value = conv2d(graph, value, `conv${i}`, [CHANNELS, CHANNELS, 3], { ...options, ...as });
  }
  const model = graph.finish();
  return { model, y: await outputOf(folder(), 'chain', { model, layout }, x) };
}

const count = ({ nodes }: OnnxModel, wanted: string) =>
  nodes.filter(({ type }) => type === wanted).length;

describe('convolutions of integers', () => {
  it.each<[string, number[]]>([
    ['a picture', [1, CHANNELS, 6, 9]],
    ['several', [3, CHANNELS, 5, 4]],
    ['one pixel', [1, CHANNELS, 1, 1]],
  ])(
    'gather, where they know their level, the very bytes that shifted copies hold: %s',
    async (_, dims) => {
      const x = picture(dims);
      const known = await chain('int8', [{ level: 0 }, { level: 0 }], x);
      const unknown = await chain('int8', [{}, {}], x);
      expect([count(known.model, 'Gather'), count(unknown.model, 'Gather')]).toEqual([2, 0]);
      expect(known.y).toEqual(unknown.y);
    },
  );

  it('compute the gather indices once per level and kernel geometry', async () => {
    const x = picture([2, CHANNELS, 8, 6]);
    const halving = { stride: 2, level: 0 };
    const layers = [{ level: 0 }, { level: 0 }, halving, { level: 1 }, { level: 1 }];
    const known = await chain('int8', layers, x);
    const unknown = await chain('int8', [{}, {}, { stride: 2 }, {}, {}], x);
    expect(count(known.model, 'Range')).toBe(3);
    expect(known.y.dims).toEqual([2, CHANNELS, 4, 3]);
    expect(known.y).toEqual(unknown.y);
  });

  it('have an error of at most 1 %', async () => {
    const x = picture([1, CHANNELS, 12, 12]);
    const [is, should] = [
      await chain('int8', [{ level: 0 }], x),
      await chain('float32', [{ level: 0 }], x),
    ];
    const size = Math.hypot(...should.y.data);
    const error = Math.hypot(...is.y.data.map((value, i) => value - (should.y.data[i] as number)));
    expect(error / size).toBeGreaterThan(0);
    expect(error / size).toBeLessThan(0.01);
  });
});
