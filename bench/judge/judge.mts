/** The second, frozen judge: what it reads in pictures. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { squashResize } from '@emoeditor/companion-server/models/squashResize.ts';
import { openOnnxSession } from '@emoeditor/companion-server/runtime/onnxSession.ts';
import type { Tensor } from '@emoeditor/companion-server/tensor/tensor.ts';

export interface JudgeReading {
  /** Over the eight emotions, in the order of EMOTIONS. */
  readonly distribution: readonly number[];
  /** 1 to 7, by the same head. */
  readonly valence: number;
  readonly arousal: number;
  /** Valence by a ridge over the backbone's features: take the difference between edit and source. */
  readonly ridgeValence: number;
}

export interface Judge {
  /** @param pictures [n, 3, H, W] in [0, 1], sRGB, of any size */
  read(pictures: Tensor): Promise<JudgeReading[]>;
  release(): Promise<void>;
}

export async function openJudge(threads = 1): Promise<Judge> {
  const { inputSize } = JSON.parse(
    await readFile(join(import.meta.dirname, 'judge.json'), 'utf8'),
  ) as { readonly inputSize: number };
  const path = join(import.meta.dirname, 'judge.onnx');
  const session = await openOnnxSession(path, { provider: 'cpu', threads });
  return {
    async read(pictures) {
      const outputs = await session.run({ image: squashResize(pictures, inputSize) });
      const rows = (name: string, width: number): number[][] => {
        const data = outputs[name]?.data;
        if (data === undefined) throw new RangeError(`The judge's graph has no output ${name}.`);
        return Array.from({ length: data.length / width }, (_, row) =>
          Array.from(data.subarray(row * width, (row + 1) * width)),
        );
      };
      const [ratings, ridge] = [rows('ratings', 2), rows('valence', 1)];
      return rows('probabilities', 8).map((distribution, row) => ({
        distribution,
        valence: ratings[row]?.[0] as number,
        arousal: ratings[row]?.[1] as number,
        ridgeValence: ridge[row]?.[0] as number,
      }));
    },
    release: () => session.release(),
  };
}
