import {
  type EditRequestInput,
  type OfferedInstruction,
  type ScenePlan,
  sceneProxyExtent,
  workingExtent,
} from '@emoeditor/shared';
import type { CancelSignal } from '../cancellation.ts';
import type { Companion, EndedJob, JobObserver, ServerIdentity } from '../client/companion.ts';
import { notConnected } from '../client/connectionErrors.ts';
import { cancelled, PluginError } from '../errors.ts';
import type { EditableLayer, HostPort, SourceChoice } from '../host/hostPort.ts';
import { editRegion } from './editRegion.ts';
import type { Choices, Subject } from './panelState.ts';

export interface EditPorts {
  readonly host: HostPort;
  readonly companion: Companion;
}

/** Choices that the server is told. */
export type EditChoices = Pick<
  Choices,
  | 'target'
  | 'mode'
  | 'seed'
  | 'selection'
  | 'feather'
  | 'padding'
  | 'instruction'
  | 'banned'
  | 'plan'
>;

export interface LayerEdit {
  readonly layer: EditableLayer;
  readonly choices: EditChoices;
  readonly observer: JobObserver;
  /** Called when the layer was read, before the server begins. */
  readonly onCaptured?: (subject: Subject) => void;
}

/** An edit on the server. Whoever holds it releases `job.jobId` in the end. */
export interface EndedEdit {
  readonly subject: Subject;
  readonly job: EndedJob;
}

/** An edit that ran to its end: `iteration` is the one that the loop settled on. */
export interface CompletedEdit {
  readonly subject: Subject;
  readonly jobId: string;
  readonly iteration: number;
  /** Probability of the target in that iteration. */
  readonly pTarget: number;
  /** What it adds to the scene; null for the light alone. */
  readonly scene: ScenePlan | null;
}

/** @throws PluginError LAYER_REFUSED with the host's own sentence */
export function activeEditableLayer(host: HostPort, source: SourceChoice): EditableLayer {
  const active = host.activeLayer(source);
  if (active.kind === 'editable') return active.layer;
  throw new PluginError('LAYER_REFUSED', { ...active, retryable: false });
}

/**
 * Reads a layer, or the region of it that the selection asks for, and edits it on the server up to the end of the
 * iterations. Writes nothing to the document. A cancelled edit is an answer too: its iterations can be applied.
 * @throws ProtocolError, PluginError; nothing of the edit is then left on the server
 */
export async function editLayer(
  { host, companion }: EditPorts,
  { layer, choices, observer, onCaptured }: LayerEdit,
  signal: CancelSignal,
): Promise<EndedEdit> {
  const { workingArea, sizeMultiple, name: model, instructions = [] } = serverOf(companion).bundle;
  const { target, mode, seed } = choices;
  const region = editRegion(layer, choices);
  // Where nothing is added to the scene the model's own size is enough, and scaled once it is truer.
  const mayAdd = instructions.length > 0 && mode === 'fast' && choices.instruction !== 'off';
  const sizeOf = mayAdd ? sceneProxyExtent : workingExtent;
  const extent = sizeOf(region.bounds, workingArea, sizeMultiple);
  const proxy = await host.captureProxy(layer, region, extent, signal);
  const { picture: before, grain, pixels } = proxy;
  const subject = { layer, region, target, seed, model, before, proxy: pixels, grain };
  if (!signal.aborted) onCaptured?.(subject);
  const scene = sceneChoice(choices, instructions);
  const edit = { target: { kind: 'emotion', emotion: target }, mode, seed, ...scene } as const;
  return { subject, job: await companion.submit(edit, pixels, observer, signal) };
}

/** What the request says of the scene; nothing where the server may choose. */
function sceneChoice(
  { target, instruction, banned, plan }: EditChoices,
  offers: readonly OfferedInstruction[],
): Pick<EditRequestInput, 'scene'> {
  if (plan !== undefined) return { scene: { plan } };
  if (instruction === 'off') return { scene: { elements: false } };
  // One of another emotion was chosen for an earlier edit.
  if (instruction.startsWith(`${target}/`)) return { scene: { instruction } };
  // The server takes no name that it does not know; those of another model may have been switched off.
  const known = offers
    .filter(({ id, emotion }) => emotion === target && banned.includes(id))
    .map(({ id }) => id);
  return known.length === 0 ? {} : { scene: { banned: known } };
}

/**
 * The same where only an edit that ran to its end is of use.
 * @throws PluginError CANCELLED too; nothing of the edit is then left on the server
 */
export async function completeEdit(
  ports: EditPorts,
  edit: LayerEdit,
  signal: CancelSignal,
): Promise<CompletedEdit> {
  const { subject, job } = await editLayer(ports, edit, signal);
  const { jobId, state } = job;
  if (signal.aborted || state.status !== 'succeeded') {
    ports.companion.release(jobId);
    throw cancelled();
  }
  const { chosen, iterations } = state;
  const report = iterations.find(({ index }) => index === chosen);
  const scene = report?.scene?.plan ?? null;
  return { subject, jobId, iteration: chosen, pTarget: report?.pTarget ?? 0, scene };
}

function serverOf({ connection }: Companion): ServerIdentity {
  if (connection.kind !== 'ready') throw notConnected();
  return connection.server;
}
