import type { ClusterLink } from '../link.ts';
import { type Advert, advertSchema, readMessage } from '../messages.ts';
import { subjects } from '../names.ts';

/** A worker that was not heard of for so long does not count. */
const SILENT_MS = 4000;

/** The workers that this one hears of, itself among them. */
export interface Fleet {
  /** Those of a bundle. */
  of(bundle: string): readonly Advert[];
  /** Whether this worker does for a bundle what one alone must do: the one whose id comes first. */
  isFirst(own: Advert): boolean;
  close(): void;
}

export function createFleet({ nc }: ClusterLink): Fleet {
  const heard = new Map<string, { readonly advert: Advert; readonly at: number }>();
  const subscription = nc.subscribe(subjects.worker('*'), {
    callback(error, message) {
      const advert = error === null ? readMessage(advertSchema, message.string()) : null;
      if (advert !== null) heard.set(advert.id, { advert, at: performance.now() });
    },
  });
  const of = (bundle: string) => {
    const now = performance.now();
    for (const [id, { at }] of heard) if (now - at > SILENT_MS) heard.delete(id);
    return [...heard.values()].map(({ advert }) => advert).filter((one) => one.bundle === bundle);
  };
  return {
    of,
    isFirst: (own) => of(own.bundle).every(({ id }) => id >= own.id),
    close: () => subscription.unsubscribe(),
  };
}
