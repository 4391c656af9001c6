import { createWeightsLayout } from '@emoeditor/companion-server/importer/weights/weightsFile.ts';
import { EMIT_PROFILES } from '@emoeditor/companion-server/onnx/emitProfile.ts';
import { createGraphBuilder } from '@emoeditor/companion-server/onnx/graphBuilder.ts';
import { conv2d } from '@emoeditor/companion-server/onnx/layers.ts';
import type { OnnxModel } from '@emoeditor/companion-server/onnx/onnxModel.ts';
import type { StorageType } from '@emoeditor/companion-server/onnx/weights.ts';
import { filteringFor } from '@emoeditor/companion-server/onnx/winogradConv.ts';
import { type Tensor, tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../temporaryFolder.ts';
import { outputOf } from './drawnModel.ts';
import { drawn, picture, weights } from './drawnWeights.ts';

const folder = temporaryFolder();

interface Layer {
  readonly channels: readonly [cIn: number, cOut: number];
  readonly storage?: StorageType;
  readonly options?: Parameters<typeof conv2d>[4];
  readonly isPicture?: boolean;
}

/** The graph of one convolution, with or without tiles, and a way to run it. */
async function layer(
  winograd: boolean,
  { channels: [cIn, cOut], storage = 'float32', options = {}, isPicture = false }: Layer,
): Promise<{ model: OnnxModel; run(x: Tensor): Promise<Tensor> }> {
  const name = `${storage}-${winograd}-${cIn}-${cOut}`;
  const layout = createWeightsLayout(`${name}.weights`, storage);
  const graph = createGraphBuilder('test', weights, layout, { ...EMIT_PROFILES.cpu, winograd });
  graph.input('x', ['n', cIn, 'h', 'w']);
  graph.output('y', ['n', cOut, 'H', 'W']);
  conv2d(graph, 'x', 'conv', [cIn, cOut, 3], {
    ...(isPicture ? {} : { level: 0 }),
    ...options,
    as: 'y',
  });
  const model = graph.finish();
  return {
    model,
    run: (x) => outputOf(folder(), name, { model, layout }, x),
  };
}

/** Transforms lose a digit; a wrong one loses all of them. */
const TOLERANCE = 5e-5;

/** Largest difference in units of the largest value. */
function difference(is: Tensor, should: Tensor): number {
  const largest = (values: Float32Array) => values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  return (
    largest(is.data.map((value, i) => value - (should.data[i] as number))) / largest(should.data)
  );
}

const isTiled = ({ nodes }: OnnxModel) => nodes.some(({ type }) => type === 'DepthToSpace');

describe('a convolution in tiles', () => {
  it.each<[string, number[], number, number?]>([
    ['sides that are whole tiles', [1, 320, 8, 12], 330],
    ['sides that are not, and two pictures', [2, 320, 7, 14], 330],
    ['less than one tile', [1, 320, 3, 1], 330],
    ['small tiles', [2, 320, 5, 4], 330, 1],
  ])('gives the same numbers as the definition for %s', async (_, dims, cOut, level = 0) => {
    const given: Layer = { channels: [dims[1] as number, cOut], options: { level } };
    const x = picture(dims);
    const [tiled, plain] = [await layer(true, given), await layer(false, given)];
    expect([isTiled(tiled.model), isTiled(plain.model)]).toEqual([true, false]);
    const [is, should] = [await tiled.run(x), await plain.run(x)];
    expect(is.dims).toEqual(should.dims);
    expect(difference(is, should)).toBeLessThan(TOLERANCE);
  });

  it('takes filters that are stored in half precision, and works without a bias', async () => {
    const given: Layer = { channels: [320, 320], storage: 'float16', options: { bias: false } };
    const x = tensor(drawn(320 * 36, 5), [1, 320, 6, 6]);
    const [is, should] = [await layer(true, given), await layer(false, given)];
    expect(difference(await is.run(x), await should.run(x))).toBeLessThan(TOLERANCE);
  });

  it.each<[string, Layer]>([
    ['a stride', { channels: [320, 320], options: { stride: 2 } }],
    ['a border of its own', { channels: [320, 320], options: { pads: [0, 0, 1, 1] } }],
    ['int8 filters', { channels: [320, 320], storage: 'int8' }],
    ['few channels', { channels: [320, 64] }],
    ['the fewest pixels', { channels: [320, 320], options: { level: 3 } }],
    ['a picture', { channels: [320, 320], isPicture: true }],
  ])('is left to the definition for %s', async (_, given) => {
    expect(isTiled((await layer(true, given)).model)).toBe(false);
  });

  it('computes in smaller tiles, whose filters are smaller, where fewer pixels share them', () => {
    const tiles = [0, 1, 2, 3].map((level) => filteringFor(640, 640, level)?.tile ?? null);
    expect(tiles).toEqual([4, 2, 2, null]);
  });
});
