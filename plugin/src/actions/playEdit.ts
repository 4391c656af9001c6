import type { CancelSignal } from '../cancellation.ts';
import type { Companion, JobObserver } from '../client/companion.ts';
import type { Clock } from '../clock.ts';
import type { HostPort } from '../host/hostPort.ts';
import { commitIteration } from '../session/commitIteration.ts';
import { activeEditableLayer, completeEdit } from '../session/editLayer.ts';
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
  report(0, 'Looking for the companion server');
  await awaitServer(companion, clock, signal);
  const layer = activeEditableLayer(host, choices.source);
  report(0, 'Reading the layer');
  const observer = reporting(report);
  const edit = await completeEdit(ports, { layer, choices, observer }, signal);
  try {
    const { intensity, elements, aiNote, result: kind } = choices;
    const commit = { ...edit, intensity, elements, aiNote, kind, replaces: null };
    await commitIteration(ports, commit, () => {}, signal);
  } finally {
    companion.release(edit.jobId);
  }
}

function reporting(report: Report): JobObserver {
  return {
    onEvent(event) {
      if (event.type !== 'progressed') return;
      const { progress } = event;
      report(progress.fraction * ITERATIONS_SHARE, progressLine(progress));
    },
    onPreview() {},
  };
}
