import { type CompositePart, describeTarget } from '@emoeditor/shared';
import type { CancelSignal } from '../cancellation.ts';
import type { Composite, CompositeRequest } from '../client/companion.ts';
import type { NewLayer } from '../host/hostPort.ts';
import type { EditPorts } from './editLayer.ts';
import type { Applied, ResultKind, Subject } from './panelState.ts';
import { partsOf, resultAddition } from './resultAddition.ts';

/** One iteration of an edit as it shall be in the document. */
export interface EditCommit {
  readonly subject: Subject;
  readonly jobId: string;
  readonly iteration: number;
  /** Percent. */
  readonly intensity: number;
  readonly kind: ResultKind;
  /** The layer of an earlier commit that this one takes the place of; null for none. */
  readonly replaces: number | null;
}

/** `Awe · 100 %`. */
export function resultName(target: Subject['target'], intensity: number): string {
  return `${describeTarget({ kind: 'emotion', emotion: target })} · ${intensity} %`;
}

/** What the host is to make of it. */
export function newLayerOf({ subject, intensity, replaces }: EditCommit): NewLayer {
  const { layer: source, region, target } = subject;
  return { source, region, name: resultName(target, intensity), replaces };
}

/** What the server is to paint of it. */
export function compositeRequestOf(commit: EditCommit, part: CompositePart): CompositeRequest {
  const { subject, jobId, iteration, intensity } = commit;
  const { width, height } = subject.region.bounds;
  const extent = { width, height };
  return { jobId, iteration, intensity: intensity / 100, grain: subject.grain, extent, part };
}

/**
 * Writes one iteration at full resolution as a new layer or group, in place of an earlier one.
 * @param onBusy called while the host's own dialog or tool is waited for
 * @throws ProtocolError, PluginError; the document is then as it was
 */
export async function commitIteration(
  { host, companion }: EditPorts,
  commit: EditCommit,
  onProgress: (fraction: number) => void,
  signal: CancelSignal,
  onBusy?: () => void,
): Promise<Applied> {
  const { iteration, intensity, kind } = commit;
  const opened = new Map<CompositePart, Composite>();
  try {
    // Opened before Photoshop is held: fitting the edit may take a second in which the user need not wait.
    for (const part of partsOf(kind)) {
      opened.set(part, await companion.openComposite(compositeRequestOf(commit, part), signal));
    }
    const open = async (part: CompositePart) => {
      const composite = opened.get(part) as Composite;
      opened.delete(part);
      return composite;
    };
    const layer = newLayerOf(commit);
    const addition = resultAddition(layer, kind, open, onProgress);
    const [layerId] = await host.addLayers(layer.name, [addition], signal, onBusy);
    return { layerId: layerId as number, iteration, intensity, kind };
  } finally {
    for (const composite of opened.values()) composite.close();
  }
}
