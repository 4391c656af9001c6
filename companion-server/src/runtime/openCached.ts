import { stat } from 'node:fs/promises';
import { cacheKey, type GraphCache } from './graphCache.ts';
import type { InferenceSession } from './inferenceRuntime.ts';
import {
  openOnnxSession,
  RUNTIME_VERSION,
  type SessionSettings,
  writeOptimisedGraph,
} from './onnxSession.ts';

/** Below this a graph is optimised in less than a second, and a cache would only cost disk. */
const WORTH_CACHING = 256 * 2 ** 20;
/**
 * How much larger a graph's weights may become when they are written: those in float16 are widened, and a third of
 * SD-1.x's grows again in Winograd's tiles (`onnx/winogradConv.ts`); of narrower models more does.
 */
const GROWTH = 3;

/**
 * Opens a graph through the cache: folding and laying out the weights of SD-1.x takes half a minute, reading the result
 * a second and a half, and it takes a third of the memory since the weights are mapped. Only for the CPU: what other
 * providers compile cannot be written down.
 * @param weights file of the graph's external data, beside it
 */
export async function openCached(
  graph: string,
  weights: string,
  settings: SessionSettings,
  cache: GraphCache | null,
  worthCaching = WORTH_CACHING,
): Promise<InferenceSession> {
  const bytes = await stat(weights).then(
    ({ size }) => size,
    () => 0,
  );
  if (cache === null || settings.provider !== 'cpu' || bytes < worthCaching) {
    return openOnnxSession(graph, settings);
  }
  const key = await cacheKey(graph, weights, RUNTIME_VERSION);
  const known = await cache.find(key);
  if (known !== null) {
    try {
      return await openOnnxSession(known, { ...settings, isOptimised: true });
    } catch {
      // Damaged, or cut off by a full disk: made anew.
      await cache.remove(key);
    }
  }
  const made = await cache
    .add(key, bytes * GROWTH, (folder) => writeOptimisedGraph(graph, folder, settings))
    // A folder that cannot be written is no reason not to work.
    .catch(() => null);
  return made === null
    ? openOnnxSession(graph, settings)
    : openOnnxSession(made, { ...settings, isOptimised: true });
}
