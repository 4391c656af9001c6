import { byteLength } from '../pixelBuffer.ts';
import type { ClientMessage } from './clientMessages.ts';
import type { ServerMessage } from './serverMessages.ts';

/** The stream of binary frames that belongs to a message; `bytes` null when the message does not say how long. */
export interface Attachment {
  readonly stream: number;
  readonly bytes: number | null;
}

/** What follows a message as frames, if anything: the one place that knows which messages carry pixels. */
export function attachmentOf(message: ClientMessage | ServerMessage): Attachment | null {
  switch (message.type) {
    case 'submit':
    case 'predict':
      return { stream: message.stream, bytes: byteLength(message.proxy) };
    case 'tile':
    case 'tileDone':
      return { stream: message.stream, bytes: byteLength(message.pixels) };
    case 'jobIteration':
      return { stream: message.preview.stream, bytes: null };
    default:
      return null;
  }
}
