/** Runs in a process of its own, whose environment names the Vulkan driver. stdin: jobs as JSON; stdout: answers. */
import { text } from 'node:stream/consumers';
import { openOnnxSession } from '@emoeditor/companion-server/runtime/onnxSession.ts';
import { type Tensor, tensor } from '@emoeditor/companion-server/tensor/tensor.ts';

export interface Job {
  readonly graph: string;
  readonly inputs: Readonly<Record<string, { readonly data: number[]; readonly dims: number[] }>>;
}

/** The first output of a graph, or why there is none. */
export type Answer = { readonly numbers: number[] } | { readonly error: string };

async function answerTo({ graph, inputs }: Job): Promise<Answer> {
  const given: Record<string, Tensor> = {};
  for (const [name, { data, dims }] of Object.entries(inputs)) {
    given[name] = tensor(Float32Array.from(data), dims);
  }
  try {
    const session = await openOnnxSession(graph, { provider: 'webgpu', threads: 1 });
    const [output] = Object.values(await session.run(given));
    await session.release();
    return { numbers: Array.from(output?.data ?? []) };
  } catch (error) {
    return { error: String(error) };
  }
}

const answers: Answer[] = [];
for (const job of JSON.parse(await text(process.stdin)) as Job[]) answers.push(await answerTo(job));
process.stdout.write(JSON.stringify(answers));
