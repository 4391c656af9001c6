import type { CancelSignal } from '../cancellation.ts';
import type { JobObserver } from '../client/companion.ts';
import { notConnected } from '../client/connectionErrors.ts';
import { cancelled, PluginError } from '../errors.ts';
import { activeEditableLayer, editLayer } from './editLayer.ts';
import { MAX_KEPT } from './keptResults.ts';
import { type Choices, resultOf, type Subject } from './panelState.ts';
import type { SessionPorts } from './sessionPorts.ts';

/**
 * One edit of the active layer from its capture to the end of its iterations, shown in the panel.
 * @throws ProtocolError, PluginError
 */
export async function runEdit(
  ports: SessionPorts,
  signal: CancelSignal,
  choices: Choices = ports.store.state.choices,
): Promise<void> {
  const { host, companion, store } = ports;
  if (companion.connection.kind !== 'ready') throw notConnected();
  const { run } = store.state;
  const layer = activeEditableLayer(host, choices.source);
  const previous = resultOf(run);
  store.dispatch({ type: 'captureStarted', layer, target: choices.target });
  try {
    const onCaptured = (subject: Subject) => store.dispatch({ type: 'editStarted', subject });
    const edit = { layer, choices, observer: observerOf(ports), onCaptured };
    const { job } = await editLayer(ports, edit, signal);
    store.dispatch({ type: 'editEnded', job });
    if (resultOf(store.state.run) === null) {
      companion.release(job.jobId);
      throw signal.aborted ? cancelled() : noPicture();
    }
  } catch (error) {
    // An edit that came to nothing takes nothing away.
    if (previous !== null) store.dispatch({ type: 'resultShown', jobId: previous.jobId });
    throw error;
  }
  const jobIds = store.state.kept.slice(MAX_KEPT).map(({ jobId }) => jobId);
  for (const jobId of jobIds) companion.release(jobId);
  if (jobIds.length > 0) store.dispatch({ type: 'resultsForgotten', jobIds });
}

function noPicture(): PluginError {
  return new PluginError('INTERNAL', {
    message: 'Expected at least one picture of the edit but none arrived.',
    hint: 'Run the edit again.',
  });
}

function observerOf({ store, host }: SessionPorts): JobObserver {
  return {
    onEvent: (event) => store.dispatch({ type: 'jobEvent', event }),
    onPreview: (index, { mime, bytes }) =>
      store.dispatch({ type: 'previewArrived', index, picture: host.pictureOfFile(mime, bytes) }),
  };
}
