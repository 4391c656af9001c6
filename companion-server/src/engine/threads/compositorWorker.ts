import { type MessagePort, parentPort } from 'node:worker_threads';
import type { Compositor } from '../../compositor/compositor.ts';
import { protocolErrorOf } from '../../errors.ts';
import { fitLayer, layerCompositorOf } from '../layerFit.ts';
import type { CompositorCalls, FromCompositor, ToCompositor } from './compositorMessages.ts';

/** What the compositor's thread runs; see compositorThread.ts. */
const port = parentPort as MessagePort;
const compositors = new Map<number, Compositor>();
/** Calls run one after another: a fit may await a colour conversion, and later calls must not overtake it. */
let line: Promise<void> = Promise.resolve();

port.on('message', (message: ToCompositor) => {
  line = line.then(() => receive(message));
});

async function receive(message: ToCompositor): Promise<void> {
  if (message.type === 'dropFit') return void compositors.delete(message.fitId);
  const { id } = message;
  try {
    if (message.name === 'composite') {
      const gives = composite(message.takes);
      // The pixels were just made here and are used nowhere else, so they are transferred, not copied.
      post({ type: 'done', id, gives }, [gives.data.buffer as ArrayBuffer]);
    } else {
      const { edit, settings, scene } = message.takes;
      const { fit } = await fitLayer(edit, settings, scene);
      post({ type: 'done', id, gives: fit });
    }
  } catch (error) {
    post({ type: 'failed', id, error: protocolErrorOf(error).toWire() });
  }
}

function composite({ fitId, fit, tile, place, settings }: CompositorCalls['composite']['takes']) {
  const compositor = compositors.get(fitId) ?? (fit === null ? null : layerCompositorOf(fit));
  if (compositor === null) throw new Error(`Expected fit ${fitId} to be here already.`);
  compositors.set(fitId, compositor);
  return compositor.apply(tile, place, settings);
}

function post(message: FromCompositor, transfer: readonly ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
}
