import { type PickledTensor, tensorPickle } from './torchPickle.ts';
import { writeZipArchive } from './zipArchive.ts';

/** Writes an archive of any pickle with the records `data/0` of four floats and `byteorder`. */
export async function writeSmallArchive(
  path: string,
  root: Buffer,
  { byteorder = 'little', name = 'archive/data.pkl' } = {},
): Promise<string> {
  const record = (as: string, bytes: Uint8Array) => ({
    name: as,
    bytes: bytes.length,
    chunks: () => [bytes],
  });
  await writeZipArchive(path, [
    record(name, root),
    record('archive/byteorder', Buffer.from(byteorder)),
    record('archive/data/0', new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer)),
  ]);
  return path;
}

/** A tensor [2, 2] over those four floats, or something wrong. */
export const four = (change: Partial<PickledTensor> = {}): Buffer =>
  tensorPickle({ storage: 'FloatStorage', key: '0', count: 4, shape: [2, 2], ...change });
