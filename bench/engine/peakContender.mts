/** The machine's own limit: one large matrix product in the same runtime. Answers like any other contender. */
import { createInterface } from 'node:readline';
import { EMIT_PROFILES } from '@emoeditor/companion-server/onnx/emitProfile.ts';
import { encodeModel } from '@emoeditor/companion-server/onnx/onnxModel.ts';
import { openOnnxSession } from '@emoeditor/companion-server/runtime/onnxSession.ts';
import { probeBuilder, wave } from '@emoeditor/companion-server/runtime/providerProbe.ts';
import { tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import type { Task } from './contender.mts';

const SIDE = 1536;
const task: Task = JSON.parse(process.argv[2] as string);
const graph = probeBuilder(EMIT_PROFILES.cpu);
graph.input('x', [SIDE, SIDE]);
graph.output('y', [SIDE, SIDE]);
graph.node('MatMul', ['x', graph.weight('w', [SIDE, SIDE])], { as: 'y' });
const session = await openOnnxSession(encodeModel(graph.finish()), {
  provider: 'cpu',
  threads: task.threads,
});
const x = tensor(wave(SIDE * SIDE, 0.3), [SIDE, SIDE]);
console.log('{}');

for await (const _ of createInterface({ input: process.stdin })) {
  const started = performance.now();
  await session.run({ x });
  const ms = performance.now() - started;
  console.log(
    JSON.stringify({
      ms,
      probe: [],
      rss: process.memoryUsage().rss / 2 ** 20,
      gflop: (2 * SIDE ** 3) / 1e9,
    }),
  );
}
