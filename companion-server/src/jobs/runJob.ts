import type { Engine } from '../engine/engine.ts';
import { protocolErrorOf } from '../errors.ts';
import type { EditEvents, Picture } from '../pipeline/edit.ts';
import type { Job } from './job.ts';

interface RunParts {
  readonly engine: Engine;
  readonly encodePreview: (picture: Picture) => Promise<Uint8Array>;
}

/** Runs a job to its end. Whatever happens, the job has ended when this resolves. */
export async function runJob(
  job: Job,
  proxy: Picture,
  { engine, encodePreview }: RunParts,
): Promise<void> {
  const { controller, request } = job;
  const { signal } = controller;
  job.started();
  // Previews are made one after another, so that iterations are reported in order and before the end (JB5).
  let reported: Promise<void> = Promise.resolve();
  const events: EditEvents = {
    progress: (progress) => job.progressed(progress),
    iteration(report, delivered, edit) {
      reported = reported.then(async () => {
        const jpeg = await encodePreview(delivered);
        job.iterated({ report, preview: { jpeg, extent: edit.extent }, edit, fits: new Map() });
      });
      // Awaited below; without this a failure would count as unhandled until then.
      reported.catch(() => {});
    },
  };
  try {
    const summary = await engine.edit(request, proxy, events, signal);
    await reported;
    signal.throwIfAborted();
    const iterations = job.iterations.map(({ report }) => report);
    job.ended({ type: 'succeeded', iterations, ...summary });
  } catch (error) {
    await reported.catch(() => {});
    if (signal.aborted) job.ended({ type: 'cancelled' });
    else job.ended({ type: 'failed', error: protocolErrorOf(error).toWire() });
  }
}
