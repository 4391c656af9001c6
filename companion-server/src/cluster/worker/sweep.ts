import type { ClusterLink } from '../link.ts';
import { readJobSubject, STREAMS, subjects } from '../names.ts';
import { newest, store } from '../store.ts';
import { isGone, type Leases } from './leases.ts';

/**
 * A nats-server 2.9 that was killed may show acknowledged edits in its queue again, while their consumer is past them:
 * they would lie there until they are too old, and look like waiting ones. What has ended leaves the queue; what has not,
 * because its acknowledgement outlived its record, is queued again. Only what was handed out before is looked at.
 */
export async function sweepQueue(
  link: ClusterLink,
  bundle: string,
  { consumer }: Leases,
): Promise<void> {
  const { jsm } = link;
  const filter = { subjects_filter: subjects.jobsOf(bundle) };
  const { state } = await jsm.streams.info(STREAMS.jobs, filter);
  for (const subject of Object.keys(state.subjects ?? {})) {
    const name = readJobSubject(subject);
    const message = name && (await newest(link, STREAMS.jobs, subject));
    if (name === null || message === null) continue;
    const { artist, key } = name;
    const info = await jsm.consumers.info(STREAMS.jobs, await consumer(artist));
    if (message.seq > info.delivered.stream_seq) continue;
    const record = await newest(link, STREAMS.records, subjects.record(artist, key));
    const isLeased = message.seq > info.ack_floor.stream_seq && info.num_ack_pending > 0;
    if (record === null && isLeased) continue;
    try {
      await jsm.streams.deleteMessage(STREAMS.jobs, message.seq, false);
    } catch (error) {
      if (isGone(error)) continue;
      throw error;
    }
    const id = `${artist}.${key}.${message.seq}`;
    if (record === null) await store(link, subject, message.data, { id });
  }
}
