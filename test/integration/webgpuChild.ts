/** Runs in a process of its own, whose environment names the Vulkan driver. argv: graph; stdin: inputs as JSON. */
import { text } from 'node:stream/consumers';
import { openOnnxSession } from '@emoeditor/companion-server/runtime/onnxSession.ts';
import { type Tensor, tensor } from '@emoeditor/companion-server/tensor/tensor.ts';

const [graph = '', provider = 'webgpu'] = process.argv.slice(2);
const given: Record<string, { data: number[]; dims: number[] }> = JSON.parse(
  await text(process.stdin),
);
const inputs: Record<string, Tensor> = {};
for (const [name, { data, dims }] of Object.entries(given)) {
  inputs[name] = tensor(Float32Array.from(data), dims);
}
const session = await openOnnxSession(graph, { provider, threads: 1 });
const outputs = await session.run(inputs);
const [output] = Object.values(outputs);
process.stdout.write(JSON.stringify(Array.from(output?.data ?? [])));
await session.release();
