import { type PsdFile, resourceOf } from './psdFile.ts';

/** Index of the layer that was active. */
const ACTIVE = 1024;
/** Two bytes for each layer: the group that it is linked with, 0 for none. */
const LINKED = 1026;
/** One byte for each layer: whether its group is enabled. */
const ENABLED = 1072;

/**
 * The resources that count layers by their place in the list, brought in step with a longer one.
 * @param above index of the record above which `count` new ones lie
 */
export function listResources(
  file: PsdFile,
  above: number,
  count: number,
): Map<number, Uint8Array> {
  const changed = new Map<number, Uint8Array>();
  const layers = file.layers.list?.records.length ?? 0;
  const active = resourceOf(file, ACTIVE);
  if (active?.length === 2) {
    const index = Buffer.from(active).readUInt16BE(0);
    if (index > above && index < layers) {
      const moved = Buffer.alloc(2);
      moved.writeUInt16BE(index + count);
      changed.set(ACTIVE, moved);
    }
  }
  for (const [id, bytes, filler] of [
    [LINKED, 2, 0],
    [ENABLED, 1, 1],
  ] as const) {
    const data = resourceOf(file, id);
    if (layers === 0 || data?.length !== layers * bytes) continue;
    const at = (above + 1) * bytes;
    const added = Buffer.alloc(count * bytes, filler);
    changed.set(id, Buffer.concat([data.subarray(0, at), added, data.subarray(at)]));
  }
  return changed;
}
