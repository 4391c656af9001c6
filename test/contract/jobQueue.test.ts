import { createInProcessQueue } from '@emoeditor/companion-server/jobs/inProcessQueue.ts';
import type { JobQueue, QueuedWork } from '@emoeditor/companion-server/jobs/jobQueue.ts';
import { describe, expect, it, vi } from 'vitest';

/** Every implementation of the port. */
const QUEUES: ReadonlyArray<readonly [string, () => JobQueue]> = [
  ['in process', createInProcessQueue],
];

/** Work that ends when it is told to, and remembers what it heard. */
function scriptedWork(owner: string = 'anybody') {
  const positions: number[] = [];
  let finish: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const run = vi.fn(() => ended);
  const work: QueuedWork = { owner, run, moved: (position) => positions.push(position) };
  return { work, run, positions, finish: () => finish() };
}

const hasRun = ({ run }: { run: ReturnType<typeof vi.fn> }) =>
  vi.waitFor(() => expect(run).toHaveBeenCalledOnce());

describe.each(QUEUES)('a queue of jobs: %s', (_name, create) => {
  it('runs work later than it was added, and one after another in its order', async () => {
    const queue = create();
    const [first, second] = [scriptedWork(), scriptedWork()];
    expect(queue.add(first.work)).toBe(0);
    expect(first.run).not.toHaveBeenCalled();
    queue.add(second.work);
    await hasRun(first);
    expect(second.run).not.toHaveBeenCalled();
    first.finish();
    await hasRun(second);
    second.finish();
  });

  it('tells who waits how many are ahead, and counts those who wait', async () => {
    const queue = create();
    const works = [scriptedWork(), scriptedWork(), scriptedWork()] as const;
    queue.add(works[0].work);
    await hasRun(works[0]);
    expect(queue.add(works[1].work)).toBe(0);
    expect(queue.add(works[2].work)).toBe(1);
    expect(queue.waiting).toBe(2);
    works[0].finish();
    await hasRun(works[1]);
    expect(works[2].positions).toEqual([0]);
    expect(queue.waiting).toBe(1);
    works[1].finish();
    await hasRun(works[2]);
    expect(queue.waiting).toBe(0);
    works[2].finish();
  });

  it('takes out what has not started, and moves up who came after it', async () => {
    const queue = create();
    const works = [scriptedWork(), scriptedWork(), scriptedWork()] as const;
    for (const { work } of works) queue.add(work);
    await hasRun(works[0]);
    expect(queue.remove(works[0].work)).toBe(false);
    expect(queue.remove(works[1].work)).toBe(true);
    expect(queue.remove(works[1].work)).toBe(false);
    expect(works[2].positions.at(-1)).toBe(0);
    works[0].finish();
    await hasRun(works[2]);
    expect(works[1].run).not.toHaveBeenCalled();
    works[2].finish();
  });

  it('lets owners take turns, each with its own in order', async () => {
    const queue = create();
    const [first, second, third] = [scriptedWork('a'), scriptedWork('a'), scriptedWork('a')];
    for (const { work } of [first, second, third]) queue.add(work);
    await hasRun(first);
    const other = scriptedWork('b');
    expect(queue.add(other.work)).toBe(0);
    expect(second.positions.at(-1)).toBe(1);
    expect(third.positions.at(-1)).toBe(2);
    first.finish();
    await hasRun(other);
    other.finish();
    await hasRun(second);
    expect(third.run).not.toHaveBeenCalled();
    second.finish();
    await hasRun(third);
    third.finish();
  });

  it('goes on after work that rejects against its promise', async () => {
    const queue = create();
    const next = scriptedWork();
    queue.add({ owner: 'broken', run: () => Promise.reject(new Error('broken')), moved: () => {} });
    queue.add(next.work);
    await hasRun(next);
    next.finish();
  });
});
