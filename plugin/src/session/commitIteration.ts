import { describeTarget } from '@emoeditor/shared';
import { paintComposite } from './paintComposite.ts';
import type { Applied, Result } from './panelState.ts';
import type { SessionPorts } from './sessionPorts.ts';

/** `Awe · 100 %`. */
export function resultName(target: Result['subject']['target'], intensity: number): string {
  return `${describeTarget({ kind: 'emotion', emotion: target })} · ${intensity} %`;
}

/**
 * The second pass: one iteration at full resolution as a new layer, in place of the result's earlier layer.
 * @param intensity percent
 * @throws ProtocolError, PluginError; the document is then as it was
 */
export async function commitIteration(
  { host, companion }: Pick<SessionPorts, 'host' | 'companion'>,
  result: Result,
  intensity: number,
  onProgress: (fraction: number) => void,
  signal: AbortSignal,
): Promise<Applied> {
  const { subject, jobId, selected, applied } = result;
  const { width, height } = subject.region.bounds;
  // Opened before Photoshop is held: fitting the edit may take a second in which the user need not wait.
  const opening = { jobId, iteration: selected, intensity: intensity / 100 };
  const composite = await companion.openComposite(
    { ...opening, extent: { width, height } },
    signal,
  );
  try {
    const layerId = await host.addLayer(
      {
        source: subject.layer,
        region: subject.region,
        name: resultName(subject.target, intensity),
        replaces: applied?.layerId ?? null,
      },
      (canvas) => paintComposite(canvas, composite, onProgress),
      signal,
    );
    return { layerId, iteration: selected, intensity };
  } finally {
    composite.close();
  }
}
