import type { CancelSignal } from '../cancellation.ts';
import { commitIteration } from './commitIteration.ts';
import { resultOf, sceneOf } from './panelState.ts';
import type { SessionPorts } from './sessionPorts.ts';
import { timeLeft } from './timeLeft.ts';

/**
 * Writes the selected iteration of the result that is shown, at the chosen strength, in place of its layer of before.
 * @throws ProtocolError, PluginError; the document is then as it was
 */
export async function applySelected(ports: SessionPorts, signal: CancelSignal): Promise<void> {
  const { store } = ports;
  const result = resultOf(store.state.run);
  if (result === null) return;
  store.dispatch({ type: 'applyStarted' });
  const left = timeLeft(ports.clock);
  const { subject, jobId, selected, applied: before } = result;
  const { intensity, elements, aiNote, result: kind } = store.state.choices;
  const scene = sceneOf(result, selected);
  const applied = await commitIteration(
    ports,
    {
      ...{ subject, jobId, iteration: selected, intensity, elements, aiNote, scene, kind },
      replaces: before?.layerId ?? null,
    },
    (fraction) => store.dispatch({ type: 'applyProgressed', fraction, etaMs: left(fraction) }),
    signal,
    () => store.dispatch({ type: 'applyWaiting' }),
  );
  store.dispatch({ type: 'applied', applied });
}
