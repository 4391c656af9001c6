import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { withInputShapes } from '../onnx/fixedShapes.ts';
import { rowsOf, stack } from '../tensor/ops.ts';
import type { InferenceSession, Tensors } from './inferenceRuntime.ts';
import { openOnnxSession, type SessionSettings } from './onnxSession.ts';

/** Shapes that stay loaded: pieces of two rows and of one, at the size of the picture that is edited. */
const KEPT = 2;

/**
 * Opens a graph for providers that are slow where shapes are open (DirectML: five times, onnxruntime issue 14550), know
 * no others (CoreML) or compile anew whenever a shape leaves the range seen so far (TensorRT, for minutes): once for
 * every combination of input shapes that comes, the last ones used stay loaded.
 * A batch is computed in pieces of one or two rows, because in a single edit batches of many sizes come (guided steps
 * and others, candidates that join later), and loading the graph for each of them would take seconds every time.
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
    // Set anew, the key is the last one in the order of use.
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

/** Two rows at a time where their number is even, else one; inputs that all rows share go along with each piece. */
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
