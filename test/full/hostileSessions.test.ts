import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { hostileRequests, sendRaw } from '../fakes/hostileRequests.ts';
import { SCRIPTED_MODELS } from '../fakes/scriptedModelsModule.ts';
import { cleanUp, connectTo } from '../integration/companion.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { type HostileSession, hostileSession, playSession } from './hostileClient.ts';
import { endServers, type Memory, mortalServer } from './mortalServer.ts';

/** `npm run test:chaos` sets more. */
const { EMOEDITOR_CHAOS_SESSIONS = '160' } = process.env as {
  readonly EMOEDITOR_CHAOS_SESSIONS?: string;
};
const SESSIONS = Number(EMOEDITOR_CHAOS_SESSIONS);
/** At a time; the server takes 32 connections of clients with a key. */
const TOGETHER = 8;
/** What the server keeps of ended edits, so that the limit is reached early and what grows beyond it is seen. */
const KEPT_BYTES = 8 * 2 ** 20;
const WARM_UP = 4000;
/** Times that memory is looked at. */
const LOOKS = 20;

const folder = temporaryFolder();
afterEach(async () => {
  await cleanUp();
  endServers();
});

/** A panel that is there all the time gets its edit. */
async function editOf(port: number): Promise<void> {
  const pairings = { add: async () => {} } as never;
  const panel = await connectTo({ port, pairings });
  await panel.hello();
  await panel.hear('welcome');
  const jobId = await panel.submit();
  // Behind whatever the hostile ones have queued, which may take its time on a busy machine.
  for (let patience = 0; panel.of('jobSucceeded').length === 0; patience++) {
    await panel.hear('jobSucceeded').catch((error: unknown) => {
      if (patience === 10) throw error;
    });
  }
  panel.say({ type: 'release', jobId });
  panel.channel.close();
}

it(
  `SE7, SE9: ${SESSIONS} hostile sessions neither end the server, nor stop it, nor fill its memory`,
  async () => {
    const { port, faults, memory } = await mortalServer(folder, {
      bundle: 'scripted',
      modelsModule: SCRIPTED_MODELS,
      limits: { keptBytes: KEPT_BYTES },
    });
    const { bytes } = hostileRequests(() => port);
    const raw = bytes.map((pieces) => ({ kind: 'raw', pieces }) as const);
    const spoken = hostileSession.map((session) => ({ kind: 'spoken', session }) as const);
    const one = fc.oneof(raw, spoken);
    const play = (
      each: { kind: 'raw'; pieces: Uint8Array[] } | { kind: 'spoken'; session: HostileSession },
    ) => (each.kind === 'raw' ? sendRaw(port, each.pieces) : playSession(port, each.session));
    const counts = { raw: 0, spoken: 0 };
    const seen: Memory[] = [];
    const rounds = Math.ceil(SESSIONS / TOGETHER);
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(one, { minLength: TOGETHER, maxLength: TOGETHER, size: 'max' }),
        async (sessions) => {
          await Promise.all(sessions.map(play));
          for (const { kind } of sessions) counts[kind] += 1;
          round += 1;
          if (round % Math.ceil(rounds / LOOKS) === 0) {
            await editOf(port);
            seen.push(await memory());
            const last = seen.at(-1) as Memory;
            process.stdout.write(
              `${counts.raw} raw and ${counts.spoken} spoken sessions: ${mega(last.used)} MB in use, ${mega(last.resident)} MB resident\n`,
            );
          }
          expect(faults).toEqual([]);
        },
      ),
      { numRuns: rounds, endOnFailure: true },
    );
    await editOf(port);
    expect(faults).toEqual([]);
    if (SESSIONS < 2 * WARM_UP) return;
    const after = seen.slice(Math.ceil((LOOKS * WARM_UP) / SESSIONS));
    const [first, last] = [after[0] as Memory, after.at(-1) as Memory];
    expect(last.used).toBeLessThan(1.05 * first.used);
  },
  120_000 + SESSIONS * 1000,
);

const mega = (bytes: number) => Math.round(bytes / 1e6);
