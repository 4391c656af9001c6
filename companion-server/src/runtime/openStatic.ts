import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { withInputShapes } from '../onnx/fixedShapes.ts';
import { rowsOf, stack } from '../tensor/ops.ts';
import type { InferenceSession, Tensors } from './inferenceRuntime.ts';
import { openOnnxSession, type SessionSettings } from './onnxSession.ts';

/** Sessions kept: batches of two rows and of one, at the current picture size. */
const KEPT = 2;

/**
 * Opens a graph for providers that are slow with dynamic shapes (DirectML: five times, onnxruntime issue 14550), do not
 * support them (CoreML) or recompile for minutes when a shape leaves the range seen so far (TensorRT): one session per
 * combination of input shapes, of which the most recently used stay loaded.
 * Batches are split into pieces of one or two rows: one edit has batches of many sizes (steps with and without
 * guidance, candidates that join later), and loading the graph takes seconds for each new size.
 */
export async function openStatic(
  graph: string,
  settings: SessionSettings,
  openSession: typeof openOnnxSession = openOnnxSession,
): Promise<InferenceSession> {
  const model = await readFile(graph);
  const open = new Map<string, InferenceSession>();
  const sessionFor = async (inputs: Tensors): Promise<InferenceSession> => {
    const shapes = Object.fromEntries(
      Object.entries(inputs).map(([name, { dims }]) => [name, dims]),
    );
    const key = JSON.stringify(shapes);
    const known = open.get(key);
    // Deleted and set again, so that the key moves to the end of the order of use.
    open.delete(key);
    if (known === undefined && open.size >= KEPT) await releaseOldest(open);
    const session =
      known ??
      (await openSession(withInputShapes(model, shapes), {
        ...settings,
        weightsFolder: dirname(graph),
      }));
    open.set(key, session);
    return session;
  };
  return {
    async run(inputs) {
      const found: Tensors[] = [];
      for (const piece of inPieces(inputs)) found.push(await (await sessionFor(piece)).run(piece));
      return joined(found);
    },
    async release() {
      const sessions = [...open.values()];
      open.clear();
      for (const session of sessions) await session.release();
    },
  };
}

/** Pieces of two rows if the number of rows is even, else of one; shared inputs are passed with each piece. */
function inPieces(inputs: Tensors): Tensors[] {
  const rows = Math.max(...Object.values(inputs).map(({ dims }) => dims[0] ?? 1));
  const size = rows % 2 === 0 ? 2 : 1;
  if (rows <= size) return [inputs];
  return Array.from({ length: rows / size }, (_, piece) =>
    Object.fromEntries(
      Object.entries(inputs).map(([name, input]) => [
        name,
        input.dims[0] === rows ? rowsOf(input, piece * size, size) : input,
      ]),
    ),
  );
}

function joined(pieces: readonly Tensors[]): Tensors {
  const [first = {}] = pieces;
  if (pieces.length === 1) return first;
  return Object.fromEntries(
    Object.keys(first).map((name) => [
      name,
      stack(pieces.flatMap(({ [name]: output }) => (output === undefined ? [] : [output]))),
    ]),
  );
}

async function releaseOldest(open: Map<string, InferenceSession>): Promise<void> {
  const [oldest] = open;
  if (oldest === undefined) return;
  open.delete(oldest[0]);
  await oldest[1].release();
}
