import type { JobEnd } from '@emoeditor/shared';
import type { EditOrder, Engine } from '../engine/engine.ts';
import { protocolErrorOf } from '../errors.ts';
import type { EditEvents, Picture } from '../pipeline/edit.ts';
import type { Job } from './job.ts';
import type { JobJournal } from './jobJournal.ts';

interface RunParts {
  readonly engine: Engine;
  readonly encodePreview: (picture: Picture) => Promise<Uint8Array>;
  readonly journal: JobJournal;
}

/** Runs a job to its end. Whatever happens, the job has ended when this resolves. */
export async function runJob(
  job: Job,
  proxy: Picture,
  { engine, encodePreview, journal }: RunParts,
): Promise<void> {
  const { id: jobId, controller, request } = job;
  const { signal } = controller;
  const recovered = job.iterations.length;
  const end = async (how: JobEnd) => {
    await journal.ended(jobId, how);
    job.ended(how);
  };
  const order: EditOrder = {
    id: jobId,
    queued: (position) => job.queued(position),
    started: () => job.started(),
  };
  if (engine.isShared !== true) job.started();
  // Previews are made one after another, so that iterations are reported in order and before the end (JB5).
  let reported: Promise<void> = Promise.resolve();
  const events: EditEvents = {
    progress: (progress) => job.progressed(progress),
    iteration(report, delivered, edit) {
      // Known already from before the server was started again; the same seed gives the same picture.
      if (report.index < recovered) return;
      reported = reported.then(async () => {
        const jpeg = await encodePreview(delivered);
        const iteration = { report, preview: { jpeg, extent: edit.extent }, edit };
        // Kept before it is told: what a client has seen is never lost.
        await journal.iterated(jobId, iteration);
        job.iterated({ ...iteration, fits: new Map() });
      });
      // Awaited below; without this a failure would count as unhandled until then.
      reported.catch(() => {});
    },
  };
  try {
    const summary = await engine.edit(request, proxy, events, signal, order);
    await reported;
    signal.throwIfAborted();
    const iterations = job.iterations.map(({ report }) => report);
    await end({ type: 'succeeded', iterations, ...summary });
  } catch (error) {
    await reported.catch(() => {});
    if (signal.aborted) await end({ type: 'cancelled' });
    else await end({ type: 'failed', error: protocolErrorOf(error).toWire() });
  }
}
