import type { Composite } from '../client/companion.ts';
import { throwIfCancelled } from '../errors.ts';
import type { LayerCanvas, Tile } from '../host/hostPort.ts';
import { tilesOf } from './tiling.ts';

/**
 * Streams the source through the compositor into the new layer. A few tiles are on their way while the next is read,
 * so neither side waits for the other and neither holds more than those.
 */
export async function paintComposite(
  canvas: LayerCanvas,
  composite: Composite,
  onProgress: (fraction: number) => void,
): Promise<void> {
  const tiles = tilesOf(canvas.area);
  const inFlight: Promise<Tile>[] = [];
  let done = 0;

  const advance = () => {
    done += 1;
    canvas.report(done / tiles.length);
    onProgress(done / tiles.length);
  };
  const writeOldest = async () => {
    const finished = await inFlight.shift();
    throwIfCancelled(canvas.signal);
    if (finished !== undefined) await canvas.writeTile(finished);
    advance();
  };

  for (const bounds of tiles) {
    throwIfCancelled(canvas.signal);
    const tile = await canvas.readTile(bounds);
    if (tile === null) {
      advance();
      continue;
    }
    const answer = composite.apply(tile);
    // When one tile fails, those behind it fail too; only the first is reported.
    answer.catch(() => {});
    inFlight.push(answer);
    if (inFlight.length >= composite.maxInFlight) await writeOldest();
  }
  while (inFlight.length > 0) await writeOldest();
}
