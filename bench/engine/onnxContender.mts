/** The engine's own session on the engine's own graph. argv: task, provider; for the CPU also names of graph and weights. */
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGraphCache } from '@emoeditor/companion-server/runtime/graphCache.ts';
import type { InferenceSession } from '@emoeditor/companion-server/runtime/inferenceRuntime.ts';
import { openCached } from '@emoeditor/companion-server/runtime/openCached.ts';
import { wave } from '@emoeditor/companion-server/runtime/providerProbe.ts';
import { tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { openOnCard } from './cardSession.mts';
import type { Facts, Size, Task } from './contender.mts';

const task: Task = JSON.parse(process.argv[2] as string);
const [provider = 'cpu', graph = 'unet.onnx', weights = 'unet.weights'] = process.argv.slice(3);

async function opened(): Promise<{ readonly session: InferenceSession; readonly facts: Facts }> {
  if (provider !== 'cpu') {
    const { session, profile, reason } = await openOnCard(task, provider);
    return { session, facts: { profile: profile.name, numbers: profile.numbers, reason } };
  }
  const session = await openCached(
    join(task.folder, graph),
    join(task.folder, weights),
    { provider, threads: task.threads },
    createGraphCache(join(task.folder, 'cache')),
  );
  return { session, facts: {} };
}

const opening = performance.now();
const { session, facts } = await opened();
const seconds = (performance.now() - opening) / 1000;
console.log(JSON.stringify(facts));

for await (const line of createInterface({ input: process.stdin })) {
  const [h, w]: Size = JSON.parse(line);
  const inputs = {
    sample: tensor(wave(task.inChannels * h * w, 1), [1, task.inChannels, h, w]),
    timestep: tensor(Float32Array.of(500), [1]),
    tokens: tensor(wave(task.tokens * task.tokenWidth, 0.7), [1, task.tokens, task.tokenWidth]),
  };
  const started = performance.now();
  const { noisePred } = await session.run(inputs);
  const ms = performance.now() - started;
  const probe = noisePred?.data.filter((_, i) => i % 97 === 0) ?? [];
  const rss = process.memoryUsage().rss / 2 ** 20;
  console.log(JSON.stringify({ ms, probe: Array.from(probe), rss, opened: seconds }));
}
