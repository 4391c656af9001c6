import type * as z from 'zod';
import type { ClusterLink } from '../link.ts';
import { type EventKind, type EventOf, eventSchemas, readMessage } from '../messages.ts';
import { ALL_KEYS, subjects } from '../names.ts';

/** Hears what happens to an edit or a call. */
export type EventListener = <Kind extends EventKind>(kind: Kind, value: EventOf<Kind>) => void;

/** What workers tell an artist; all of it may be lost. */
export interface ArtistEvents {
  /**
   * @param state whether it has a place in the queue
   * @returns a way to stop hearing of it
   */
  join(key: string, state: 'waiting' | 'started', heard: EventListener): () => void;
  close(): void;
}

interface Waiter {
  readonly heard: EventListener;
  /** A worker has begun: it has no place in the queue any more. */
  hasStarted: boolean;
}

export function createArtistEvents({ nc }: ClusterLink, artist: string): ArtistEvents {
  /** In the order in which they came. */
  const waiters = new Map<string, Waiter>();

  function hear(key: string, kind: EventKind, value: EventOf<EventKind>): void {
    const waiter = waiters.get(key);
    if (waiter === undefined) return;
    if (kind === 'started' || kind === 'progress') waiter.hasStarted = true;
    waiter.heard(kind, value);
  }

  function hearPlaces(places: readonly number[]): void {
    const waiting = [...waiters.values()].filter(({ hasStarted }) => !hasStarted);
    for (const [index, { heard }] of waiting.entries()) {
      const place = places[index];
      if (place !== undefined) heard('places', [place]);
    }
  }

  const subscription = nc.subscribe(subjects.eventsOf(artist), {
    callback(error, message) {
      const [, , key = '', kind = ''] = message.subject.split('.');
      if (error !== null || !isEventKind(kind)) return;
      const schema: z.core.$ZodType<EventOf<EventKind>> = eventSchemas[kind];
      const value = readMessage(schema, message.string());
      if (value === null) return;
      if (key === ALL_KEYS) hearPlaces(value as EventOf<'places'>);
      else hear(key, kind, value);
    },
  });

  return {
    join(key, state, heard) {
      const waiter: Waiter = { heard, hasStarted: state === 'started' };
      waiters.set(key, waiter);
      return () => {
        if (waiters.get(key) === waiter) waiters.delete(key);
      };
    },
    close: () => {
      if (!subscription.isClosed()) subscription.unsubscribe();
    },
  };
}

const isEventKind = (kind: string): kind is EventKind => Object.hasOwn(eventSchemas, kind);
