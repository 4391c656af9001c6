import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import { startCompanion } from '../unit/companion-server/session/connecting.ts';

/** `npm run test:chaos` sets more. */
const { EMOEDITOR_CHAOS_RUNS = '30' } = process.env as { readonly EMOEDITOR_CHAOS_RUNS?: string };
const SESSIONS = Math.max(60, Number(EMOEDITOR_CHAOS_RUNS));
/** What the server may keep of ended edits; without a limit 60 sessions would exceed it several times. */
const KEPT_BYTES = 2 ** 20;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

async function usedBytes(): Promise<number> {
  // What finalisers and ended timers hold goes in the second round.
  collect();
  await new Promise((resolve) => setTimeout(resolve, 50));
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe('memory', () => {
  it(`stays what it was over ${SESSIONS} sessions that submit, see an iteration and go`, async () => {
    const { engine, connect } = startCompanion({ keptBytes: KEPT_BYTES, orphanMs: 60_000 });
    const session = async () => {
      const client = connect();
      await client.hello();
      await client.submit();
      await vi.waitFor(() => expect(engine.edits).toHaveLength(1));
      engine.edits[0]?.iteration(0);
      engine.edits[0]?.succeed();
      await client.hear('jobSucceeded');
      client.channel.close();
      // The fake engine remembers what it was given; the server must not.
      engine.edits.length = 0;
    };
    const run = async (count: number) => {
      for (let i = 0; i < count; i++) await session();
    };
    await run(SESSIONS / 2);
    const before = await usedBytes();
    await run(SESSIONS / 2);
    const grown = (await usedBytes()) - before;
    expect(grown).toBeLessThan(KEPT_BYTES / 2);
  }, 600_000);

  it('holds nothing of a job that was released, however long its connection lasts', async () => {
    const { engine, jobs, connect } = startCompanion();
    const client = connect();
    await client.hello();
    const ofReleased = async () => {
      const jobId = await client.submit();
      await vi.waitFor(() => expect(engine.edits).toHaveLength(1));
      engine.edits[0]?.iteration(0);
      engine.edits[0]?.succeed();
      await client.hear('jobSucceeded');
      const job = new WeakRef(jobs.find(jobId));
      client.say({ type: 'release', jobId });
      engine.edits.length = 0;
      return job;
    };
    const job = await ofReleased();
    await vi.waitFor(async () => {
      await usedBytes();
      expect(job.deref()).toBeUndefined();
    }, 10_000);
    client.channel.close();
  });
});
