import { type ClientMessage, ProtocolError, type Refusal } from '@emoeditor/shared';

/** Whose an error is. */
export type Owner = Omit<Refusal, 'error' | 'stream'>;

/** What an answer to this message must name, so that the client knows whose it is (ER2). */
export function ownerOf(message: ClientMessage): Owner {
  return {
    ...('requestId' in message ? { requestId: message.requestId } : {}),
    ...('jobId' in message ? { jobId: message.jobId } : {}),
    ...('compositeId' in message ? { compositeId: message.compositeId } : {}),
  };
}

export function noHello(seconds: number): ProtocolError {
  return new ProtocolError({
    code: 'UNAUTHORISED',
    message: `Expected a paired panel to say hello within ${seconds} seconds but none came.`,
    hint: 'Connect the panel again.',
    retryable: true,
  });
}

export function tooManyPredictions(most: number): ProtocolError {
  return new ProtocolError({
    code: 'BUSY',
    message: `Expected at most ${most} readings to wait on one connection.`,
    hint: 'Wait for an answer before the next picture.',
    retryable: true,
  });
}
