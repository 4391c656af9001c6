/** Runs in a process of its own, whose environment names the Vulkan driver. stdin: jobs as JSON; stdout: answers. */
import { text } from 'node:stream/consumers';
import { openOnnxSession } from '@emoeditor/companion-server/runtime/onnxSession.ts';
import { type Tensor, tensor } from '@emoeditor/companion-server/tensor/tensor.ts';

export interface Job {
  readonly graph: string;
  readonly inputs: Readonly<Record<string, { readonly data: number[]; readonly dims: number[] }>>;
  /**
   * Runs three times: as given, with the numbers of this input overwritten by zeros in a tensor that was said to be
   * fixed, and with another tensor of zeros in its place.
   */
  readonly fixed?: string;
}

/** The first output of a graph, of one run after another, or why there is none. */
export type Answer = { readonly numbers: number[] } | { readonly error: string };

async function answerTo({ graph, inputs, fixed }: Job): Promise<Answer> {
  const given: Record<string, Tensor> = {};
  for (const [name, { data, dims }] of Object.entries(inputs)) {
    given[name] = { ...tensor(Float32Array.from(data), dims), isFixed: name === fixed };
  }
  try {
    const session = await openOnnxSession(graph, { provider: 'webgpu', threads: 1 });
    const numbers: number[] = [];
    const run = async () => {
      const [output] = Object.values(await session.run(given));
      numbers.push(...(output?.data ?? []));
    };
    await run();
    if (fixed !== undefined) {
      const input = given[fixed] as Tensor;
      input.data.fill(0);
      await run();
      given[fixed] = { ...input, data: new Float32Array(input.data.length) };
      await run();
    }
    await session.release();
    return { numbers };
  } catch (error) {
    return { error: String(error) };
  }
}

const answers: Answer[] = [];
for (const job of JSON.parse(await text(process.stdin)) as Job[]) answers.push(await answerTo(job));
process.stdout.write(JSON.stringify(answers));
