import type { EmotionVector } from '@emoeditor/shared';
import { tooManyPredictions } from './sessionErrors.ts';

/** Readings that may wait on one connection (JB9). */
const MAX_READINGS = 8;

/** Runs the readings of one connection, as many as may wait. */
export interface Readings {
  /** @throws ProtocolError BUSY when too many wait already; what the reading throws */
  run(read: () => Promise<EmotionVector>): Promise<EmotionVector>;
}

export function createReadings(): Readings {
  let waiting = 0;
  return {
    async run(read) {
      if (waiting >= MAX_READINGS) throw tooManyPredictions(MAX_READINGS);
      waiting += 1;
      try {
        return await read();
      } finally {
        waiting -= 1;
      }
    },
  };
}
