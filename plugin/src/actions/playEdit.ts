import { workingExtent } from '@emoeditor/shared';
import type { CancelSignal } from '../cancellation.ts';
import type { Companion, JobObserver } from '../client/companion.ts';
import type { Clock } from '../clock.ts';
import { cancelled, PluginError, throwIfCancelled } from '../errors.ts';
import type { HostPort } from '../host/hostPort.ts';
import { commitIteration } from '../session/commitIteration.ts';
import { editRegion } from '../session/editRegion.ts';
import type { Choices } from '../session/panelState.ts';
import { progressLine } from '../session/progressText.ts';
import { awaitServer } from './awaitServer.ts';

export interface PlaybackPorts {
  readonly host: HostPort;
  readonly companion: Companion;
  readonly clock: Clock;
}

/** Shown in Photoshop's own progress bar, 0 to 1. */
export type Report = (fraction: number, text: string) => void;

/** Share of the bar that the server's iterations take; the rest is the full resolution. */
export const ITERATIONS_SHARE = 0.8;

/**
 * Plays a recorded edit on the active layer, without a dialog and without the panel's state.
 * @throws ProtocolError, PluginError; the document is then as it was and the batch stops
 */
export async function playEdit(
  ports: PlaybackPorts,
  choices: Choices,
  report: Report,
  signal: CancelSignal,
): Promise<void> {
  const { host, companion, clock } = ports;
  const { target, mode, seed, selection } = choices;
  report(0, 'Looking for the companion server');
  const { bundle } = await awaitServer(companion, clock, signal);
  const active = host.activeLayer();
  if (active.kind !== 'editable') {
    throw new PluginError('LAYER_REFUSED', { ...active, retryable: false });
  }
  const { layer } = active;
  report(0, 'Reading the layer');
  const region = editRegion(layer, selection);
  const extent = workingExtent(region.bounds, bundle.workingArea, bundle.sizeMultiple);
  const proxy = await host.captureProxy(layer, region, extent, signal);
  const { jobId, state } = await companion.submit(
    { target: { kind: 'emotion', emotion: target }, mode, seed },
    proxy.pixels,
    reporting(report),
    signal,
  );
  throwIfCancelled(signal);
  if (state.status !== 'succeeded') throw cancelled();
  const result = {
    subject: { layer, region, target, before: proxy.picture, grain: proxy.grain },
    jobId,
    frames: [],
    chosen: state.chosen,
    selected: state.chosen,
    sourceDistribution: state.sourceDistribution,
    applied: null,
  };
  try {
    await commitIteration(ports, result, choices, () => {}, signal);
  } finally {
    companion.release(jobId);
  }
}

function reporting(report: Report): JobObserver {
  return {
    onEvent(event) {
      if (event.type !== 'jobProgress') return;
      const { progress } = event;
      report(progress.fraction * ITERATIONS_SHARE, progressLine(progress));
    },
    onPreview() {},
  };
}
