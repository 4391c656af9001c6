import { ProtocolError } from '@emoeditor/shared';
import type { ExecutionContext, HistorySuspension } from 'photoshop/dom/CoreModules';
import { CancelController, type CancelSignal } from '../cancellation.ts';
import { cancelled, PluginError, textOf, throwIfCancelled } from '../errors.ts';
import type { PhotoshopModule } from './photoshopModule.ts';

/** A modal scope of Photoshop: what runs in it may change documents, and nothing else may. */
export interface ModalScope {
  readonly signal: CancelSignal;
  report(fraction: number, text: string): void;
  /** Runs `work` as one history step of that name: all of it or, when it throws, nothing. */
  asOneStep<T>(documentId: number, name: string, work: () => Promise<T>): Promise<T>;
  /** Runs `work`, and takes back whatever it changed in the document. */
  withoutTrace<T>(documentId: number, name: string, work: () => Promise<T>): Promise<T>;
}

/** How to enter a modal scope: by asking Photoshop, or with the context of an action that is playing. */
export type EnterModal = <T>(
  name: string,
  work: (scope: ModalScope) => Promise<T>,
  signal: CancelSignal,
  /** Called while something else holds Photoshop; the call waits until that ends. */
  onBusy?: () => void,
) => Promise<T>;

/** `executeAsModal`'s error while another plugin, a dialog or a tool holds Photoshop. */
const BUSY = 9;
/** Retries of calls that give up on a busy host; Photoshop 25.10 and later waits a second by itself before each. */
const BUSY_RETRIES = 4;
const BUSY_DELAY_MS = 400;

/** Seconds that Photoshop tries by itself, where it does (25.10); a cancel is noticed after them. */
const BUSY_TIMEOUT_S = 0.4;

/** Says that a playing action owns the history, so it is not ours to resume. */
const OWNED_BY_ACTION = 4294967295;

type Core = Pick<PhotoshopModule['core'], 'executeAsModal'>;

/** @throws PluginError HOST_BUSY, HOST_FAILED, CANCELLED, or what the work threw */
export function photoshopModal(
  core: Core,
  sleep: (milliseconds: number) => Promise<void>,
  hostVersion = '',
): EnterModal {
  const waits = canWait(hostVersion);
  return async (name, work, signal, onBusy) => {
    for (let attempt = 0; ; attempt += 1) {
      throwIfCancelled(signal);
      // On its way through Photoshop an error may lose its class, its code and its hint.
      let thrown: { readonly error: unknown } | null = null;
      try {
        return await core.executeAsModal(
          async (context) => {
            try {
              return await withinContext(context, work, signal);
            } catch (error) {
              thrown = { error };
              throw error;
            }
          },
          { commandName: name, ...(waits ? { timeOut: BUSY_TIMEOUT_S } : {}) },
        );
      } catch (arrived) {
        const error = within(thrown) ?? arrived;
        if (!isBusy(error)) throw fromHost(error, signal);
        if (onBusy === undefined && attempt >= BUSY_RETRIES) throw busy();
        onBusy?.();
        // Photoshop has waited itself, and enters as soon as it is free.
        if (!waits) await sleep(BUSY_DELAY_MS);
      }
    }
  };
}

/** Whether `executeAsModal` takes `timeOut`: since 25.10 (executeasmodaloptions.md). */
function canWait(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 25 || (major === 25 && minor >= 10);
}

const within = (thrown: { readonly error: unknown } | null): unknown => thrown?.error;

/** For action playback: Photoshop is modal already and handed its context over. */
export function modalWithin(context: ExecutionContext): EnterModal {
  return (_name, work, signal) => withinContext(context, work, signal);
}

/** One of several pieces' share of the progress bar. */
export function partOfScope(scope: ModalScope, at: number, count: number): ModalScope {
  return {
    ...scope,
    report: (fraction, text) => scope.report((at + fraction) / count, text),
  };
}

/** For a command that holds Photoshop from its start to its end, so that an action waits for it. */
export function modalInScope(scope: ModalScope): EnterModal {
  return (_name, work) => work(scope);
}

async function withinContext<T>(
  context: ExecutionContext,
  work: (scope: ModalScope) => Promise<T>,
  outer: CancelSignal,
): Promise<T> {
  const inner = new CancelController();
  const abort = () => inner.abort();
  outer.addEventListener('abort', abort);
  const onCancelBefore = context.onCancel;
  context.onCancel = (event) => {
    inner.abort();
    onCancelBefore?.(event);
  };
  if (outer.aborted || context.isCancelled) inner.abort();
  try {
    return await work({
      signal: inner.signal,
      report: (value, commandName) => context.reportProgress({ value, commandName }),
      asOneStep: (documentID, name, steps) =>
        inOneHistoryStep(context, { documentID, name }, steps),
      withoutTrace: (documentID, name, steps) => takenBack(context, { documentID, name }, steps),
    });
  } catch (error) {
    throw fromHost(error, inner.signal);
  } finally {
    outer.removeEventListener('abort', abort);
    context.onCancel = onCancelBefore;
  }
}

async function inOneHistoryStep<T>(
  context: ExecutionContext,
  step: { documentID: number; name: string },
  work: () => Promise<T>,
): Promise<T> {
  const { hostControl } = context;
  const suspension = await hostControl.suspendHistory(step);
  const isOurs = !isOwnedByAction(suspension);
  let result: T;
  try {
    result = await work();
  } catch (error) {
    if (isOurs) await rollBack(hostControl, suspension);
    throw error;
  }
  if (isOurs) {
    // What was changed in this very turn would stay in the history as a step of its own (seen by sd-ppp).
    await nextTurn();
    await hostControl.resumeHistory(suspension, true);
  }
  return result;
}

async function takenBack<T>(
  { hostControl }: ExecutionContext,
  step: { documentID: number; name: string },
  work: () => Promise<T>,
): Promise<T> {
  const suspension = await hostControl.suspendHistory(step);
  try {
    return await work();
  } finally {
    if (!isOwnedByAction(suspension)) {
      await nextTurn();
      await rollBack(hostControl, suspension);
    }
  }
}

/**
 * After a cancel Photoshop may refuse even this; it then rolls back itself when the scope ends with an exception
 * (executeasmodal.md, "History state suspension"), so what went wrong first stays what is told.
 */
async function rollBack(
  hostControl: ExecutionContext['hostControl'],
  suspension: HistorySuspension,
): Promise<void> {
  try {
    await hostControl.resumeHistory(suspension, false);
  } catch {
    // See above.
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** The id is an object in the types and a number in practice. */
function isOwnedByAction(suspension: HistorySuspension | number): boolean {
  const id = typeof suspension === 'number' ? suspension : suspension.historySuspensionID;
  return id === OWNED_BY_ACTION;
}

function isBusy(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'number' in error && error.number === BUSY;
}

function busy(): PluginError {
  return new PluginError('HOST_BUSY', {
    message: 'Photoshop is busy with another command.',
    hint: 'Finish the open dialog, tool or other plugin, then try again.',
  });
}

function fromHost(error: unknown, signal: CancelSignal): Error {
  if (signal.aborted) return cancelled();
  if (error instanceof PluginError || error instanceof ProtocolError || isBusy(error)) {
    return error as Error;
  }
  return new PluginError('HOST_FAILED', {
    message: `Photoshop could not do that: ${textOf(error)}`,
    hint: 'The document is as it was. Try again.',
    cause: error,
  });
}
