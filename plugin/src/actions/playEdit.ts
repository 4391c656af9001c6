import { workingExtent } from '@emoeditor/shared';
import type { Companion, ConnectionState } from '../client/companion.ts';
import { notConnected } from '../client/connectionErrors.ts';
import { type Clock, sleep } from '../clock.ts';
import { PluginError, throwIfCancelled } from '../errors.ts';
import type { HostPort } from '../host/hostPort.ts';
import { commitIteration } from '../session/commitIteration.ts';
import type { Choices } from '../session/panelState.ts';

/** How long a step waits for the connection: Photoshop may have been started for this very batch. */
const CONNECT_TRIES = 40;
const CONNECT_PAUSE_MS = 500;

/**
 * Plays a recorded edit on the active layer, without a dialog and without the panel's state.
 * @throws ProtocolError, PluginError; the document is then as it was and the batch stops
 */
export async function playEdit(
  ports: { readonly host: HostPort; readonly companion: Companion; readonly clock: Clock },
  choices: Choices,
  signal: AbortSignal,
): Promise<void> {
  const { host, companion } = ports;
  const { bundle } = await readyServer(ports, signal);
  const active = host.activeLayer();
  if (active.kind !== 'editable') {
    throw new PluginError('LAYER_REFUSED', { ...active, retryable: false });
  }
  const { layer } = active;
  const { target, mode, seed, intensity } = choices;
  const extent = workingExtent(layer.bounds, bundle.workingArea, bundle.sizeMultiple);
  const proxy = await host.captureProxy(layer, extent, signal);
  const { jobId, state } = await companion.submit(
    { target: { kind: 'emotion', emotion: target }, mode, seed },
    proxy.pixels,
    { onEvent: () => {}, onPreview: () => {} },
    signal,
  );
  throwIfCancelled(signal);
  if (state.status !== 'succeeded') return;
  const result = {
    subject: { layer, target, before: proxy.picture },
    jobId,
    frames: [],
    chosen: state.chosen,
    selected: state.chosen,
    sourceDistribution: state.sourceDistribution,
    applied: null,
  };
  await commitIteration(ports, result, intensity, () => {}, signal);
  companion.release(jobId);
}

async function readyServer(
  { companion, clock }: { readonly companion: Companion; readonly clock: Clock },
  signal: AbortSignal,
): Promise<Extract<ConnectionState, { kind: 'ready' }>['server']> {
  for (let attempt = 0; attempt < CONNECT_TRIES; attempt += 1) {
    throwIfCancelled(signal);
    const { connection } = companion;
    if (connection.kind === 'ready') return connection.server;
    await sleep(clock, CONNECT_PAUSE_MS);
  }
  throw notConnected();
}
