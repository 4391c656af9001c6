import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { withInputShapes } from '../onnx/fixedShapes.ts';
import type { InferenceSession, Tensors } from './inferenceRuntime.ts';
import { openOnnxSession, type SessionSettings } from './onnxSession.ts';

/** Shapes that stay loaded: the candidates of an iteration together, and one picture. */
const KEPT = 2;

/**
 * Opens a graph for providers that are slow where shapes are open (DirectML: five times, onnxruntime issue 14550) or
 * know no others (CoreML): once for every combination of input shapes that comes, the last ones used stay loaded.
 */
export async function openStatic(
  graph: string,
  settings: SessionSettings,
  kept = KEPT,
): Promise<InferenceSession> {
  const model = await readFile(graph);
  const open = new Map<string, InferenceSession>();
  const sessionFor = async (inputs: Tensors): Promise<InferenceSession> => {
    const shapes = Object.fromEntries(
      Object.entries(inputs).map(([name, { dims }]) => [name, dims]),
    );
    const key = JSON.stringify(shapes);
    const known = open.get(key);
    // Set anew, the key is the last one in the order of use.
    open.delete(key);
    if (known === undefined && open.size >= kept) await releaseOldest(open);
    const session =
      known ??
      (await openOnnxSession(withInputShapes(model, shapes), {
        ...settings,
        weightsFolder: dirname(graph),
      }));
    open.set(key, session);
    return session;
  };
  return {
    run: async (inputs) => (await sessionFor(inputs)).run(inputs),
    async release() {
      const sessions = [...open.values()];
      open.clear();
      for (const session of sessions) await session.release();
    },
  };
}

async function releaseOldest(open: Map<string, InferenceSession>): Promise<void> {
  const [oldest] = open;
  if (oldest === undefined) return;
  open.delete(oldest[0]);
  await oldest[1].release();
}
