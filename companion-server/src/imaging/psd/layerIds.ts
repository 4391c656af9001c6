import { layerId } from './placement.ts';
import { type PsdFile, resourceOf } from './psdFile.ts';

/** Resource with the number that Photoshop starts new ids from. */
const ID_SEED = 1044;

/** Ids that no layer of the document has. */
export function newLayerIds(file: PsdFile): () => number {
  const seed = resourceOf(file, ID_SEED);
  let last = seed === null || seed.length < 4 ? 0 : Buffer.from(seed).readUInt32BE(0);
  for (const record of file.layers.list?.records ?? []) {
    last = Math.max(last, layerId(file.bytes, record) ?? 0);
  }
  return () => ++last;
}
