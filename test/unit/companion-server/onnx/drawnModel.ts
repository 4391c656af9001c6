import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WeightsLayout } from '@emoeditor/companion-server/importer/weights/weightsFile.ts';
import { encodeModel, type OnnxModel } from '@emoeditor/companion-server/onnx/onnxModel.ts';
import { openOnnxSession } from '@emoeditor/companion-server/runtime/onnxSession.ts';
import type { Tensor } from '@emoeditor/companion-server/tensor/tensor.ts';

/** Writes a graph x → y and its weights, named like it, to a folder, and runs it once on one thread of the CPU. */
export async function outputOf(
  folder: string,
  name: string,
  { model, layout }: { readonly model: OnnxModel; readonly layout: WeightsLayout },
  x: Tensor,
): Promise<Tensor> {
  await layout.write(join(folder, `${name}.weights`), { signal: new AbortController().signal });
  const path = join(folder, `${name}.onnx`);
  await writeFile(path, encodeModel(model));
  const session = await openOnnxSession(path, { provider: 'cpu', threads: 1 });
  const { y } = await session.run({ x });
  await session.release();
  return y as Tensor;
}
