import { createInProcessQueue } from '@emoeditor/companion-server/jobs/inProcessQueue.ts';
import type { JobListener } from '@emoeditor/companion-server/jobs/job.ts';
import { createJobs, type JobsOptions } from '@emoeditor/companion-server/jobs/jobs.ts';
import { editRequestSchema, type JobEnd, ProtocolError, SRGB_PROFILE } from '@emoeditor/shared';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createManualEngine } from '../../../fakes/manualEngine.ts';
import { photograph } from '../pipeline/editing.ts';

afterEach(() => vi.useRealTimers());

const request = editRequestSchema.parse({ target: { kind: 'emotion', emotion: 'awe' } });
const proxy = photograph(32, 32);

function jobsWith(more: Partial<JobsOptions> = {}) {
  const engine = createManualEngine();
  const ends: JobEnd[] = [];
  const jobs = createJobs({
    engine,
    queue: createInProcessQueue(),
    encodePreview: async (picture) => Uint8Array.of(0xff, 0xd8, picture.rgb[0]!),
    onEnd: (_job, end) => void ends.push(end),
    ...more,
  });
  const submit = (id = 'r') => {
    const job = jobs.submit({ requestId: id, request, proxy, owner: 'panel' });
    const heard: string[] = [];
    jobs.watch(job, listening(heard));
    return { job, heard };
  };
  return { engine, jobs, ends, submit };
}

function listening(heard: string[]): JobListener {
  return {
    queued: (position) => void heard.push(`queued ${position}`),
    progress: ({ fraction }) => void heard.push(`progress ${fraction}`),
    iteration: ({ report, preview }) =>
      void heard.push(`iteration ${report.index} ${preview.jpeg[2]}`),
    ended: (end) => void heard.push(end.type),
  };
}

/** Lets everything that can happen without a timer happen. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('jobs', () => {
  it('JB3: run one at a time, first in, first out, and report when they move up (JB2)', async () => {
    const { engine, submit } = jobsWith();
    const [a, b, c] = [submit('a'), submit('b'), submit('c')];
    await settled();
    expect(engine.edits).toHaveLength(1);
    expect([a, b, c].map(({ job }) => job.state.status)).toEqual(['running', 'queued', 'queued']);
    expect(b.heard).toEqual(['queued 0']);
    expect(c.heard).toEqual(['queued 1']);
    engine.edits[0]!.succeed();
    await settled();
    expect(engine.edits).toHaveLength(2);
    expect(c.heard).toEqual(['queued 1', 'queued 0']);
    expect(b.job.state.status).toBe('running');
  });

  it('JB4: a fraction never falls and stays below 1 until the result is there', async () => {
    const { engine, submit } = jobsWith();
    const { heard } = submit();
    await settled();
    for (const fraction of [0.1, 0.5, 0.3, 1]) engine.edits[0]!.progress(fraction);
    expect(heard).toEqual(['progress 0.1', 'progress 0.5', 'progress 0.5', 'progress 0.999']);
  });

  it('JB5, JB6: iterations come in order and before the one end; nothing follows', async () => {
    let encoded = 0;
    const { engine, submit, ends } = jobsWith({
      // The first takes longest: the order must not depend on it.
      async encodePreview({ rgb }) {
        encoded += 1;
        for (let turns = 5 - encoded; turns > 0; turns--) await settled();
        return Uint8Array.of(0, 0, rgb[0]!);
      },
    });
    const { job, heard } = submit();
    await settled();
    const edit = engine.edits[0]!;
    edit.iteration(0);
    edit.iteration(1);
    edit.succeed(1);
    edit.progress(0.9);
    await vi.waitFor(() => expect(job.end).not.toBeNull());
    edit.progress(0.95);
    expect(heard).toEqual(['progress 0.9', 'iteration 0 0', 'iteration 1 40', 'succeeded']);
    expect(job.end).toMatchObject({ type: 'succeeded', chosen: 1, unetEvaluations: 24 });
    expect(ends).toEqual([job.end]);
  });

  it('show iterations as the engine made them: it judged the same picture', async () => {
    const { engine, submit } = jobsWith();
    const { heard } = submit();
    await settled();
    engine.edits[0]!.iteration(1);
    await settled();
    expect(heard).toEqual(['iteration 1 40']);
    expect(engine.fitted).toHaveLength(0);
  });

  it('CX1: a cancelled job that waits ends at once and never starts', async () => {
    const { engine, jobs, submit } = jobsWith();
    submit('a');
    const b = submit('b');
    const c = submit('c');
    await settled();
    jobs.cancel(b.job.id);
    expect(b.heard).toEqual(['queued 0', 'cancelled']);
    expect(c.heard).toEqual(['queued 1', 'queued 0']);
    engine.edits[0]!.succeed();
    await settled();
    expect(engine.edits).toHaveLength(2);
    expect(c.job.state.status).toBe('running');
  });

  it('CX2, CX4: a cancelled job that runs ends, and its iterations stay usable', async () => {
    const { engine, jobs, submit } = jobsWith();
    const { job, heard } = submit();
    await settled();
    engine.edits[0]!.iteration(0);
    await settled();
    jobs.cancel(job.id);
    await settled();
    expect(engine.edits[0]!.signal.aborted).toBe(true);
    expect(heard).toEqual(['iteration 0 0', 'cancelled']);
    await expect(jobs.fitOf(jobs.iterationOf(job.id, 0), SRGB_PROFILE)).resolves.toMatchObject({
      profile: SRGB_PROFILE,
    });
  });

  it('CX2: a result that arrives after the cancel counts as cancelled', async () => {
    const { engine, jobs, submit } = jobsWith();
    engine.isDeaf = true;
    const { job } = submit();
    await settled();
    jobs.cancel(job.id);
    engine.edits[0]!.succeed();
    await settled();
    expect(job.state.status).toBe('cancelled');
  });

  it('CX3: cancelling an ended job is refused and changes nothing', async () => {
    const { engine, jobs, submit } = jobsWith();
    const { job } = submit();
    await settled();
    engine.edits[0]!.succeed();
    await settled();
    expect(() => jobs.cancel(job.id)).toThrow(expect.objectContaining({ code: 'JOB_ENDED' }));
    expect(job.state.status).toBe('succeeded');
  });

  it('ER4: a crash fails the running job, keeps its iterations, and the next job runs', async () => {
    const { engine, jobs, submit } = jobsWith();
    const a = submit('a');
    const b = submit('b');
    await settled();
    engine.edits[0]!.iteration(0);
    engine.edits[0]!.fail(
      new ProtocolError({ code: 'ENGINE_CRASHED', message: 'It died.', hint: '', retryable: true }),
    );
    await settled();
    expect(a.job.end).toMatchObject({ type: 'failed', error: { code: 'ENGINE_CRASHED' } });
    expect(b.job.state.status).toBe('running');
    await expect(jobs.fitOf(jobs.iterationOf(a.job.id, 0), SRGB_PROFILE)).resolves.toBeDefined();
  });

  it('CM5: a fit is made once for an iteration and a profile', async () => {
    const { engine, jobs, submit } = jobsWith();
    const { job } = submit();
    await settled();
    engine.edits[0]!.iteration(0);
    await settled();
    engine.fitted.length = 0; // that of the preview
    const [first, second] = await Promise.all([
      jobs.fitOf(jobs.iterationOf(job.id, 0), SRGB_PROFILE),
      jobs.fitOf(jobs.iterationOf(job.id, 0), SRGB_PROFILE),
    ]);
    expect(second).toBe(first);
    await jobs.fitOf(jobs.iterationOf(job.id, 0), 'Display P3');
    expect(engine.fitted.map(({ profile }) => profile)).toEqual([SRGB_PROFILE, 'Display P3']);
    expect(() => jobs.iterationOf(job.id, 1)).toThrow(
      expect.objectContaining({
        code: 'UNKNOWN_ITERATION',
        message: 'Expected an iteration from 0 to 0 but received 1.',
      }),
    );
  });

  it('JB8: release ends a job that runs and forgets it; an unknown one is no error', async () => {
    const { engine, jobs, submit } = jobsWith();
    const { job, heard } = submit();
    await settled();
    jobs.release(job.id);
    await settled();
    expect(engine.edits[0]!.signal.aborted).toBe(true);
    expect(heard).toEqual(['cancelled']);
    expect(() => jobs.find(job.id)).toThrow(expect.objectContaining({ code: 'UNKNOWN_JOB' }));
    expect(() => jobs.release('nobody')).not.toThrow();
  });

  it('JB7: when memory is needed, the oldest ended job is forgotten first', async () => {
    // One iteration of 32 × 32 with its sources takes 3 × 12,288 bytes, the preview three and the proxy 3,072.
    const { engine, jobs, submit } = jobsWith({ limits: { keptBytes: 2 * 39_939 } });
    const all = [submit('a'), submit('b'), submit('c')];
    for (const index of [0, 1, 2]) {
      await settled();
      engine.edits[index]!.iteration(0);
      engine.edits[index]!.succeed();
    }
    await settled();
    expect(() => jobs.find(all[0]!.job.id)).toThrow();
    expect(jobs.find(all[1]!.job.id)).toBe(all[1]!.job);
    expect(jobs.find(all[2]!.job.id)).toBe(all[2]!.job);
  });

  it('JB7: whoever submits and cancels without end makes nothing grow: the oldest are forgotten', async () => {
    const { jobs, submit } = jobsWith({ limits: { keptJobs: 3 } });
    submit('running');
    await settled();
    const all = Array.from({ length: 10 }, () => submit().job);
    for (const { id } of all) jobs.cancel(id);
    const isKept = ({ id }: { readonly id: string }) => {
      try {
        return jobs.find(id).id === id;
      } catch {
        return false;
      }
    };
    expect(all.filter(isKept)).toEqual(all.slice(-3));
  });

  it('JB7: the proxy counts, which the journal keeps as long as the job', async () => {
    const bytes = proxy.rgb.byteLength;
    const { jobs, submit } = jobsWith({ limits: { keptBytes: 2 * bytes } });
    submit('running');
    await settled();
    const all = [submit().job, submit().job, submit().job];
    for (const { id } of all) jobs.cancel(id);
    expect(() => jobs.find(all[0]!.id)).toThrow();
    expect(jobs.find(all[1]!.id)).toBe(all[1]);
  });

  it('RS4: a job that nobody is connected to is cancelled and forgotten after some minutes', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { engine, jobs } = jobsWith({ limits: { orphanMs: 1000 } });
    const job = jobs.submit({ requestId: 'r', request, proxy, owner: 'panel' });
    const leave = jobs.watch(job, listening([]));
    await settled();
    vi.advanceTimersByTime(5000);
    expect(jobs.find(job.id)).toBe(job);
    leave();
    vi.advanceTimersByTime(900);
    const leaveAgain = jobs.watch(job, listening([]));
    vi.advanceTimersByTime(900);
    expect(jobs.find(job.id)).toBe(job);
    leaveAgain();
    vi.advanceTimersByTime(1001);
    expect(() => jobs.find(job.id)).toThrow(expect.objectContaining({ code: 'UNKNOWN_JOB' }));
    expect(engine.edits[0]!.signal.aborted).toBe(true);
  });

  it('JB10: refuses a job when too many wait', async () => {
    const { jobs, submit } = jobsWith({ limits: { maxWaiting: 2 } });
    submit('running');
    await settled();
    submit('first');
    submit('second');
    expect(() => jobs.submit({ requestId: 'third', request, proxy, owner: 'panel' })).toThrow(
      expect.objectContaining({ code: 'BUSY', retryable: true }),
    );
  });
});
