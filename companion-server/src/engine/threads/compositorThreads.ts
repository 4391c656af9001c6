import { availableParallelism } from 'node:os';
import type { PixelBuffer } from '@emoeditor/shared';
import { bandsOf, joinedBands } from '../../compositor/tile/bands.ts';
import { type Compositing, createCompositorThread } from './compositorThread.ts';

/** More threads are no faster: memory bandwidth is the limit. */
const MOST = 4;

/**
 * The compositor in several threads, each of which takes a band of every tile.
 * @param count one core is left to the socket and to Photoshop unless said otherwise
 */
export function createCompositorThreads(
  count: number = Math.min(MOST, availableParallelism() - 1),
): Compositing {
  const [first, ...others] = Array.from({ length: Math.max(1, count) }, createCompositorThread);
  if (first === undefined) throw new RangeError('Expected at least one thread.');
  const threads = [first, ...others];
  return {
    fit(...takes) {
      // Start the other threads now, since tiles follow soon.
      for (const other of others) other.start();
      return first.fit(...takes);
    },
    async composite(fit, tile, place, settings) {
      const bands = bandsOf(tile, place, threads.length);
      const made = await Promise.all(
        bands.map((band, i) =>
          (threads[i] ?? first).composite(fit, band.tile, band.place, settings),
        ),
      );
      return joinedBands(made as [PixelBuffer, ...PixelBuffer[]]);
    },
    async close() {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}
