import { type CompositePart, describeTarget } from '@emoeditor/shared';
import type { CancelSignal } from '../cancellation.ts';
import type { Composite } from '../client/companion.ts';
import type { Applied, Choices, Result } from './panelState.ts';
import { partsOf, resultAddition } from './resultAddition.ts';
import type { SessionPorts } from './sessionPorts.ts';

/** `Awe · 100 %`. */
export function resultName(target: Result['subject']['target'], intensity: number): string {
  return `${describeTarget({ kind: 'emotion', emotion: target })} · ${intensity} %`;
}

/**
 * The second pass: one iteration at full resolution as a new layer or group, in place of the result's earlier one.
 * @param intensity percent
 * @param onBusy told while the host's own dialog or tool is waited for
 * @throws ProtocolError, PluginError; the document is then as it was
 */
export async function commitIteration(
  { host, companion }: Pick<SessionPorts, 'host' | 'companion'>,
  result: Result,
  { intensity, result: kind }: Pick<Choices, 'intensity' | 'result'>,
  onProgress: (fraction: number) => void,
  signal: CancelSignal,
  onBusy?: () => void,
): Promise<Applied> {
  const { subject, jobId, selected, applied } = result;
  const { width, height } = subject.region.bounds;
  const { grain } = subject;
  const opening = { jobId, iteration: selected, intensity: intensity / 100, grain };
  const opened = new Map<CompositePart, Composite>();
  try {
    // Opened before Photoshop is held: fitting the edit may take a second in which the user need not wait.
    for (const part of partsOf(kind)) {
      const plan = { ...opening, extent: { width, height }, part };
      opened.set(part, await companion.openComposite(plan, signal));
    }
    const plan = {
      source: subject.layer,
      region: subject.region,
      name: resultName(subject.target, intensity),
      replaces: applied?.layerId ?? null,
    };
    const open = async (part: CompositePart) => {
      const composite = opened.get(part) as Composite;
      opened.delete(part);
      return composite;
    };
    const addition = resultAddition(plan, kind, open, onProgress);
    const [layerId] = await host.addLayers(plan.name, [addition], signal, onBusy);
    return { layerId: layerId as number, iteration: selected, intensity, kind };
  } finally {
    for (const composite of opened.values()) composite.close();
  }
}
