import { workingExtent } from '@emoeditor/shared';
import type { CancelSignal } from '../cancellation.ts';
import type { JobObserver } from '../client/companion.ts';
import { notConnected } from '../client/connectionErrors.ts';
import { PluginError, throwIfCancelled } from '../errors.ts';
import { toBase64 } from './base64.ts';
import { editRegion } from './editRegion.ts';
import { resultOf } from './panelState.ts';
import type { SessionPorts } from './sessionPorts.ts';

/**
 * One edit of the active layer from its capture to the end of its iterations; nothing is written to the document.
 * @throws ProtocolError, PluginError
 */
export async function runEdit(ports: SessionPorts, signal: CancelSignal): Promise<void> {
  const { host, companion, store } = ports;
  const { connection } = companion;
  const { choices, run } = store.state;
  const active = host.activeLayer();
  if (connection.kind !== 'ready') throw notConnected();
  if (active.kind !== 'editable') {
    throw new PluginError('LAYER_REFUSED', { ...active, retryable: false });
  }
  const { layer } = active;
  const { target, mode, seed, selection } = choices;
  const region = editRegion(layer, selection);

  const previous = resultOf(run);
  if (previous !== null) companion.release(previous.jobId);
  store.dispatch({ type: 'captureStarted', layer, target });
  const { workingArea, sizeMultiple } = connection.server.bundle;
  const extent = workingExtent(region.bounds, workingArea, sizeMultiple);
  const proxy = await host.captureProxy(layer, region, extent, signal);
  throwIfCancelled(signal);

  store.dispatch({
    type: 'editStarted',
    subject: { layer, region, target, before: proxy.picture, grain: proxy.grain },
  });
  const edit = { target: { kind: 'emotion', emotion: target }, mode, seed } as const;
  const job = await companion.submit(edit, proxy.pixels, observerOf(ports), signal);
  store.dispatch({ type: 'editEnded', job });
  if (resultOf(store.state.run) === null) {
    throw new PluginError('INTERNAL', {
      message: 'Expected at least one picture of the edit but none arrived.',
      hint: 'Run the edit again.',
    });
  }
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
