import { ChannelClosedError, ProtocolError, type WireError } from '@emoeditor/shared';
import { PluginError } from '../errors.ts';

export function notConnected(): PluginError {
  return new PluginError('NOT_CONNECTED', {
    message: 'The companion server is not running.',
    hint: 'Start it with “npm start” in the folder of EmoEditor; the panel connects by itself.',
  });
}

export function notPaired(): PluginError {
  return new PluginError('NOT_PAIRED', {
    message: 'The companion server does not know this panel yet.',
    hint: 'Open Plugins › EmoEditor and enter the pairing code that the server shows.',
    retryable: false,
  });
}

export function connectionLost(): PluginError {
  return new PluginError('CONNECTION_LOST', {
    message: 'The companion server went away in the middle of the edit.',
    hint: 'The document is as it was. Start the server again, then try again.',
  });
}

/** What the server refused, in the panel's words where the server's are about ids. */
export function refusal(error: WireError): ProtocolError {
  if (error.code !== 'UNKNOWN_JOB') return new ProtocolError(error);
  return new ProtocolError({
    code: 'UNKNOWN_JOB',
    message:
      'The companion server no longer has this edit: it was started again, or needed the memory.',
    hint: 'The document is as it was. Run the edit again.',
    retryable: true,
  });
}

/** What a send threw, in the panel's words. */
export function sendFailure(error: unknown): unknown {
  return error instanceof ChannelClosedError ? connectionLost() : error;
}
