import type { ClusterLink } from '../link.ts';
import { type JobName, STREAMS, subjects } from '../names.ts';
import { newest, store } from '../store.ts';

/** Workers that an edit may be lost on. */
export const MOST_STARTS = 3;

/**
 * Counts the start of an engine on an edit. What counts is starts, not how often the edit was handed out: a NATS server
 * that starts again hands out anew as well.
 * @returns how many there were with this one; null when it was started as often as it may be
 */
export async function countStart(
  link: ClusterLink,
  { artist, key }: JobName,
  isFirstDelivery: boolean,
): Promise<number | null> {
  const before = isFirstDelivery ? 0 : await startsOf(link, artist, key);
  if (before >= MOST_STARTS) return null;
  await store(link, subjects.starts(artist, key), String(before + 1));
  return before + 1;
}

/** A start that ended because the worker was told to stop does not count. */
export async function uncountStart(link: ClusterLink, { artist, key }: JobName): Promise<void> {
  const before = await startsOf(link, artist, key);
  await store(link, subjects.starts(artist, key), String(Math.max(0, before - 1)));
}

async function startsOf(link: ClusterLink, artist: string, key: string): Promise<number> {
  const message = await newest(link, STREAMS.starts, subjects.starts(artist, key));
  return Number(message?.string() ?? 0);
}
