import { dict, pickle, tensorPickle } from './torchPickle.ts';
import { writeZipArchive } from './zipArchive.ts';

type Values = Float32Array | Uint16Array;

export interface TensorToWrite {
  readonly name: string;
  readonly shape: readonly number[];
  /** Called when its turn comes, so that a checkpoint of any size can be written. */
  readonly values: () => Values | Promise<Values>;
}

/** Writes `{[container]: {name: tensor, …}}` as torch.save does: float32, or half from Uint16Array bits. */
export async function writeTorchZip(
  path: string,
  tensors: readonly TensorToWrite[],
  { half = false, container = null as string | null, byteorder = 'little' } = {},
): Promise<void> {
  const size = half ? 2 : 4;
  const countOf = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1);
  const state = dict(
    ...tensors.map(({ name, shape }, index) => {
      const storage = half ? 'HalfStorage' : 'FloatStorage';
      const key = String(index);
      return [name, tensorPickle({ storage, key, count: countOf(shape), shape })] as const;
    }),
  );
  const root = pickle(container === null ? state : dict([container, state]));
  const plain = (name: string, bytes: Uint8Array) => ({
    name: `archive/${name}`,
    bytes: bytes.length,
    chunks: () => [bytes],
  });
  await writeZipArchive(path, [
    plain('data.pkl', root),
    plain('byteorder', Buffer.from(byteorder)),
    ...tensors.map(({ shape, values }, index) => ({
      name: `archive/data/${index}`,
      bytes: countOf(shape) * size,
      async *chunks() {
        const { buffer, byteOffset, byteLength } = await values();
        yield new Uint8Array(buffer, byteOffset, byteLength);
      },
    })),
    plain('version', Buffer.from('3\n')),
  ]);
}
