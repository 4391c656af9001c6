import { ProtocolError } from '@emoeditor/shared';

export const unknownJob = (id: string) =>
  new ProtocolError({
    code: 'UNKNOWN_JOB',
    message: `Expected the id of an edit that is still kept but “${id}” is not, or no longer.`,
    hint: 'Run the edit again.',
    retryable: false,
  });

export const unknownIteration = (iteration: number, finished: number) =>
  new ProtocolError({
    code: 'UNKNOWN_ITERATION',
    message:
      finished === 0
        ? `Expected a finished iteration but none is finished yet; ${iteration} was asked for.`
        : `Expected an iteration from 0 to ${finished - 1} but received ${iteration}.`,
    hint: 'Choose one of the pictures in the film strip.',
    retryable: false,
  });

export const jobEnded = (id: string) =>
  new ProtocolError({
    code: 'JOB_ENDED',
    message: `Expected an edit that still runs but “${id}” has ended.`,
    hint: 'Nothing needs to be stopped.',
    retryable: false,
  });

export const tooManyJobs = (waiting: number) =>
  new ProtocolError({
    code: 'BUSY',
    message: `${waiting} edits wait already, which is as many as may.`,
    hint: 'Wait until one has finished, or cancel one.',
    retryable: true,
  });
