import type { CancelSignal } from '../cancellation.ts';
import type { JobObserver } from '../client/companion.ts';
import { notConnected } from '../client/connectionErrors.ts';
import { PluginError } from '../errors.ts';
import { toBase64 } from './base64.ts';
import { activeEditableLayer, editLayer } from './editLayer.ts';
import { resultOf } from './panelState.ts';
import type { SessionPorts } from './sessionPorts.ts';

/**
 * One edit of the active layer from its capture to the end of its iterations, shown in the panel.
 * @throws ProtocolError, PluginError
 */
export async function runEdit(ports: SessionPorts, signal: CancelSignal): Promise<void> {
  const { host, companion, store } = ports;
  if (companion.connection.kind !== 'ready') throw notConnected();
  const { choices, run } = store.state;
  const layer = activeEditableLayer(host);
  const previous = resultOf(run);
  if (previous !== null) companion.release(previous.jobId);
  store.dispatch({ type: 'captureStarted', layer, target: choices.target });
  const { job } = await editLayer(
    ports,
    {
      layer,
      choices,
      observer: observerOf(ports),
      onCaptured: (subject) => store.dispatch({ type: 'editStarted', subject }),
    },
    signal,
  );
  store.dispatch({ type: 'editEnded', job });
  if (resultOf(store.state.run) !== null) return;
  companion.release(job.jobId);
  if (signal.aborted) return;
  throw new PluginError('INTERNAL', {
    message: 'Expected at least one picture of the edit but none arrived.',
    hint: 'Run the edit again.',
  });
}

function observerOf({ store }: SessionPorts): JobObserver {
  return {
    onEvent: (event) => store.dispatch({ type: 'jobEvent', event }),
    onPreview: (index, { mime, bytes }) =>
      store.dispatch({
        type: 'previewArrived',
        index,
        picture: `data:${mime};base64,${toBase64(bytes)}`,
      }),
  };
}
