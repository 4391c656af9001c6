import { describeTarget, type ScenePlan } from '@emoeditor/shared';
import type { CancelSignal } from '../cancellation.ts';
import type { Composite, CompositeRequest } from '../client/companion.ts';
import type { NewLayer } from '../host/hostPort.ts';
import type { EditPorts } from './editLayer.ts';
import type { Applied, Choices, ResultKind, Subject } from './panelState.ts';
import { partsOf, type ResultPart, resultAddition } from './resultAddition.ts';

/** One iteration of an edit as it shall be in the document. */
export interface EditCommit {
  readonly subject: Subject;
  readonly jobId: string;
  readonly iteration: number;
  /** Percent. */
  readonly intensity: number;
  /** Strength of what the iteration adds to the scene, in percent. */
  readonly elements: number;
  /** What that is; null for the light alone. */
  readonly scene: ScenePlan | null;
  readonly kind: ResultKind;
  readonly aiNote: Choices['aiNote'];
  /** The layer of an earlier commit that this one takes the place of; null for none. */
  readonly replaces: number | null;
}

/** `Awe · 100 %`. */
export function resultName(target: Subject['target'], intensity: number): string {
  return `${describeTarget({ kind: 'emotion', emotion: target })} · ${intensity} %`;
}

/** What the host is to make of it. */
export function newLayerOf({ subject, intensity, replaces, aiNote }: EditCommit): NewLayer {
  const { layer: source, region, target, seed, model } = subject;
  const emotion = describeTarget({ kind: 'emotion', emotion: target });
  // At intensity 0 there is no edit to tell of.
  const note = aiNote === 'off' || intensity === 0 ? null : { model, emotion, seed, intensity };
  return { source, region, name: resultName(target, intensity), replaces, note };
}

/** What the server is to paint of it. */
export function compositeRequestOf(
  commit: Omit<EditCommit, 'kind' | 'replaces'>,
  part: ResultPart['part'],
): CompositeRequest {
  const { subject, jobId, iteration, intensity, elements, scene } = commit;
  const { width, height } = subject.region.bounds;
  const extent = { width, height };
  const strength = scene === null ? {} : { elements: elements / 100 };
  const request = { jobId, iteration, intensity: intensity / 100, grain: subject.grain, extent };
  return { ...request, ...strength, part };
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
  const { iteration, intensity, elements, kind, scene } = commit;
  const parts = partsOf(kind, scene);
  const opened = new Map<ResultPart, Composite>();
  try {
    // Opened before Photoshop is held: fitting the edit may take a second in which the user need not wait.
    for (const part of parts) {
      const request = compositeRequestOf(commit, part.part);
      opened.set(part, await companion.openComposite(request, signal));
    }
    const open = async (part: ResultPart) => {
      const composite = opened.get(part) as Composite;
      opened.delete(part);
      return composite;
    };
    const layer = newLayerOf(commit);
    const addition = resultAddition(layer, kind, parts, open, onProgress);
    const [layerId] = await host.addLayers(layer.name, [addition], signal, onBusy);
    return { layerId: layerId as number, iteration, intensity, elements, kind };
  } finally {
    for (const composite of opened.values()) composite.close();
  }
}
