import { protocolErrorOf, withoutPaths } from '../errors.ts';
import type { EditEvents } from '../pipeline/edit.ts';
import { RunFailure } from '../runtime/runFailure.ts';
import type { CallMessage, FromEngine, ToEngine } from './engineMessages.ts';
import type { LoadModels } from './engineModels.ts';
import { createModelRunner, type ModelRunner } from './modelRunner.ts';

/** The engine's own process: runs the models as the parent's messages say. */
const running = new Map<number, AbortController>();
let runner: ModelRunner | null = null;
/** A server that only looks around for a moment need not load anything. */
const WARM_UP_AFTER_MS = 1_000;
/** Letters of a runtime's error that a user is shown. */
const MOST_REASON = 300;

// Ctrl-C reaches the whole process group; the parent decides when this process ends.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('disconnect', () => process.exit(0));
process.on('message', (message: ToEngine) => void receive(message));

async function receive(message: ToEngine): Promise<void> {
  switch (message.type) {
    case 'start':
      return start(message);
    case 'call':
      return call(message);
    case 'cancel':
      return running.get(message.id)?.abort();
    case 'stop':
      await runner?.close();
      return process.exit(0);
  }
}

async function start({
  settings,
  modelsModule,
}: Extract<ToEngine, { type: 'start' }>): Promise<void> {
  try {
    const module = (await import(modelsModule)) as { loadModels: LoadModels };
    runner = createModelRunner(() => module.loadModels(settings));
    post({ type: 'ready', info: await runner.ready() });
    setTimeout(() => void runner?.warmUp(), WARM_UP_AFTER_MS).unref();
  } catch (error) {
    const unavailable: FromEngine = {
      type: 'unavailable',
      error: protocolErrorOf(error).toWire(),
    };
    process.send?.(unavailable, () => process.exit(0));
  }
}

async function call(message: CallMessage): Promise<void> {
  const { id } = message;
  const controller = new AbortController();
  running.set(id, controller);
  try {
    post({ type: 'done', id, gives: await answer(message, controller.signal) });
  } catch (error) {
    const wasCancelled = controller.signal.aborted;
    // A device that was lost stays so for this process; the parent starts another, and another provider in the end.
    if (error instanceof RunFailure) return end(error);
    post({ type: 'failed', id, error: wasCancelled ? null : protocolErrorOf(error).toWire() });
  } finally {
    running.delete(id);
  }
}

async function answer(message: CallMessage, signal: AbortSignal): Promise<unknown> {
  if (runner === null) throw new Error('Expected the engine to be started before it is called.');
  switch (message.name) {
    case 'edit':
      return edit(runner, message, signal);
    case 'decode':
      return runner.decode(message.takes.undecoded, message.takes.extent);
    case 'predict':
      return runner.predict(message.takes.picture, signal);
  }
}

function edit(
  on: ModelRunner,
  { id, takes }: Extract<CallMessage, { name: 'edit' }>,
  signal: AbortSignal,
): Promise<unknown> {
  let isFirst = true;
  const events: EditEvents = {
    progress: (progress) => post({ type: 'progress', id, progress }),
    iteration(report, delivered, { decodedEdit, delivery, ...sources }) {
      post({
        type: 'iteration',
        id,
        report,
        delivered,
        decodedEdit,
        delivery,
        sources: isFirst ? sources : null,
      });
      isFirst = false;
    },
  };
  return on.edit(takes.request, takes.proxy, events, signal);
}

/** Tells why, and ends this process as a crash would. */
function end({ message }: RunFailure): void {
  const broken: FromEngine = {
    type: 'broken',
    reason: withoutPaths(message).slice(0, MOST_REASON),
  };
  process.send?.(broken, () => process.exit(1));
}

function post(message: FromEngine): void {
  // The parent may have exited already.
  if (process.connected) process.send?.(message, () => {});
}
