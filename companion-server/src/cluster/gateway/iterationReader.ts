import type { EditEvents, IterationPictures } from '../../pipeline/edit.ts';
import type { StoredObject } from '../messages.ts';
import type { StoredIteration } from '../storedEdit.ts';

type Sources = Omit<IterationPictures, 'decodedEdit' | 'delivery'>;

/** Reads stored iterations in their order, each once, whichever run of the edit stored them. */
export interface IterationReader {
  /** @param objects all iterations of a run so far */
  read(objects: readonly StoredObject[]): Promise<void>;
}

export function createIterationReader(
  fetch: (object: StoredObject) => Promise<unknown>,
  events: EditEvents,
  signal: AbortSignal,
): IterationReader {
  let reported = 0;
  let sources: Sources | null = null;
  let line: Promise<void> = Promise.resolve();
  const readOn = async (objects: readonly StoredObject[]) => {
    while (reported < objects.length) {
      const first = objects[0];
      const next = objects[reported];
      if (first === undefined || next === undefined) return;
      const stored = (await fetch(next)) as StoredIteration;
      sources ??= stored.sources ?? ((await fetch(first)) as StoredIteration).sources;
      if (sources === null) throw new Error('Expected the sources with the first iteration.');
      if (signal.aborted) return;
      reported += 1;
      events.iteration(stored.report, stored.delivered, { ...sources, ...stored.own });
    }
  };
  return {
    read(objects) {
      const done = line.then(() => readOn(objects));
      // What could not be read now is read with the record.
      line = done.catch(() => {});
      return done;
    },
  };
}
