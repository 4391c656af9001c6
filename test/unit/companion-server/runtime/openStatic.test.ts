import { writeFile } from 'node:fs/promises';
import { createWeightsLayout } from '@emoeditor/companion-server/importer/weights/weightsFile.ts';
import { withInputShapes } from '@emoeditor/companion-server/onnx/fixedShapes.ts';
import type { GraphBuilder } from '@emoeditor/companion-server/onnx/graph.ts';
import { createGraphBuilder } from '@emoeditor/companion-server/onnx/graphBuilder.ts';
import { conv2d } from '@emoeditor/companion-server/onnx/layers.ts';
import { encodeModel } from '@emoeditor/companion-server/onnx/onnxModel.ts';
import { upsampleTo } from '@emoeditor/companion-server/onnx/pictures.ts';
import { openOnnxSession } from '@emoeditor/companion-server/runtime/onnxSession.ts';
import { openStatic } from '@emoeditor/companion-server/runtime/openStatic.ts';
import { wave } from '@emoeditor/companion-server/runtime/providerProbe.ts';
import { type Tensor, tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../temporaryFolder.ts';

const cpu = { provider: 'cpu', threads: 1 };
const folder = temporaryFolder();
let graph: string;

/** Halves a picture and doubles it again: its sides depend on those of the input. */
function build(builder: GraphBuilder): void {
  builder.input('x', ['n', 3, 'h', 'w']);
  builder.output('y', ['n', 3, 'h', 'w']);
  const half = conv2d(builder, 'x', 'down', [3, 4, 3], { stride: 2 });
  conv2d(builder, upsampleTo(builder, half, 'x'), 'up', [4, 3, 3], { as: 'y' });
}

/** The graph and its weights, yet to be written. */
function built() {
  const layout = createWeightsLayout('graph.weights', 'float32');
  const sizeOf = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1);
  const source = {
    take: (name: string, shape: readonly number[]) => ({
      name,
      shape,
      read: async () => wave(sizeOf(shape), name.length),
    }),
  };
  const builder = createGraphBuilder('static', source, layout);
  build(builder);
  return { model: encodeModel(builder.finish()), layout };
}

beforeAll(async () => {
  graph = folder('graph.onnx');
  const { model, layout } = built();
  await writeFile(graph, model);
  await layout.write(folder('graph.weights'), { signal: new AbortController().signal });
});

const picture = (n: number, h: number, w: number): Tensor =>
  tensor(wave(n * 3 * h * w, 1), [n, 3, h, w]);

describe('a graph opened for every shape that comes', () => {
  it('gives what it gives with open shapes, weights beside it, whatever comes in which order', async () => {
    const [open, fixed] = [await openOnnxSession(graph, cpu), await openStatic(graph, cpu)];
    const sizes = [
      [1, 7, 9],
      [2, 7, 9],
      [1, 8, 4],
      [1, 7, 9],
    ] as const;
    for (const [n, h, w] of sizes) {
      const x = picture(n, h, w);
      expect(await fixed.run({ x })).toEqual(await open.run({ x }));
    }
    await open.release();
    await fixed.release();
  });

  it('is loaded twice at most for one size of picture, however many rows come', async () => {
    const shapes: string[] = [];
    const fixed = await openStatic(graph, cpu, async (model, settings) => {
      const session = await openOnnxSession(model, settings);
      return {
        ...session,
        run(inputs) {
          shapes.push(inputs['x']?.dims.join('×') ?? '');
          return session.run(inputs);
        },
        release: () => {
          shapes.push('released');
          return session.release();
        },
      };
    });
    const open = await openOnnxSession(graph, cpu);
    for (const n of [2, 4, 6, 3, 1, 9, 2]) {
      const x = picture(n, 6, 5);
      expect(await fixed.run({ x })).toEqual(await open.run({ x }));
    }
    expect(new Set(shapes)).toEqual(new Set(['2×3×6×5', '1×3×6×5']));
    await open.release();
    await fixed.release();
  });

  it('knows no other shape then', async () => {
    const model = built().model;
    const session = await openOnnxSession(withInputShapes(model, { x: [1, 3, 7, 9] }), {
      ...cpu,
      weightsFolder: folder(),
    });
    await expect(session.run({ x: picture(1, 8, 9) })).rejects.toThrow(
      /x.*index: 2 Got: 8 Expected: 7/s,
    );
    await session.release();
  });

  it('leaves inputs alone that are not named', () => {
    const model = built().model;
    expect(withInputShapes(model, { z: [1] })).toEqual(Buffer.from(model));
    expect(withInputShapes(model, { x: [1, 3, 7, 9] })).not.toEqual(Buffer.from(model));
  });
});
