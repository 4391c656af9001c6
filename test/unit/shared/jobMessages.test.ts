import { endMessage, type JobEnd, jobEventOf, nextJobState } from '@emoeditor/shared';
import { expect, it } from 'vitest';

const error = { code: 'INTERNAL', message: 'No.', hint: 'Again.', retryable: true } as const;
const EVEN = Array<number>(8).fill(1 / 8);
const ENDS: readonly JobEnd[] = [
  {
    type: 'succeeded',
    iterations: [],
    chosen: 0,
    sourceDistribution: EVEN,
    unetEvaluations: 4,
    timings: { denoise: 3 },
  },
  { type: 'failed', error },
  { type: 'cancelled' },
];

it.each(ENDS)('the client reads from the message how the job ended: $type', (end) => {
  const message = endMessage('j1', end);
  expect(message).toMatchObject({ jobId: 'j1' });
  expect(jobEventOf(message)).toEqual(end);
  expect(nextJobState({ status: 'queued', position: 0 }, end).status).toBe(end.type);
});

it('a job that starts has neither progress nor iterations, and one that runs is not started again', () => {
  const running = nextJobState({ status: 'queued', position: 2 }, { type: 'started' });
  expect(running).toEqual({ status: 'running', progress: null, iterations: [] });
  expect(nextJobState(running, { type: 'started' })).toBe(running);
});
