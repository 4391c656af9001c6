import { EMIT_PROFILES } from '@emoeditor/companion-server/onnx/emitProfile.ts';
import { encodeModel } from '@emoeditor/companion-server/onnx/onnxModel.ts';
import { openOnnxSession } from '@emoeditor/companion-server/runtime/onnxSession.ts';
import { probeBuilder, wave } from '@emoeditor/companion-server/runtime/providerProbe.ts';
import { tensor } from '@emoeditor/companion-server/tensor/tensor.ts';

const SIDE = 1536;
export const PEAK_GFLOP = (2 * SIDE ** 3) / 1e9;

/** In a row: the first after a pause finds its threads asleep and its memory elsewhere. */
const PRODUCTS = 5;

/** The machine's own limit: one large matrix product in the same runtime. Each call gives the milliseconds of one. */
export async function openPeak(threads: number): Promise<() => Promise<number>> {
  const graph = probeBuilder(EMIT_PROFILES.cpu);
  graph.input('x', [SIDE, SIDE]);
  graph.output('y', [SIDE, SIDE]);
  graph.node('MatMul', ['x', graph.weight('w', [SIDE, SIDE])], { as: 'y' });
  const session = await openOnnxSession(encodeModel(graph.finish()), { provider: 'cpu', threads });
  const x = tensor(wave(SIDE * SIDE, 0.3), [SIDE, SIDE]);
  return async () => {
    let fastest = Number.POSITIVE_INFINITY;
    for (let count = 0; count < PRODUCTS; count++) {
      const started = performance.now();
      await session.run({ x });
      fastest = Math.min(fastest, performance.now() - started);
    }
    return fastest;
  };
}
