import { stat } from 'node:fs/promises';
import { cacheKey, type GraphCache } from './graphCache.ts';
import type { InferenceSession } from './inferenceRuntime.ts';
import {
  openOnnxSession,
  RUNTIME_VERSION,
  type SessionSettings,
  writeOptimisedGraph,
} from './onnxSession.ts';

/** Smaller graphs are optimised in less than a second and not worth caching. */
const WORTH_CACHING = 256 * 2 ** 20;
/**
 * How much larger the weights of an optimised graph may be: float16 becomes float32, and Winograd's transform
 * (`onnx/winogradConv.ts`) enlarges a third of SD-1.x's weights, more in narrower models.
 */
const GROWTH = 3;

/**
 * Opens a graph through the cache: optimising SD-1.x's graph takes half a minute, loading the optimised one 1.5 s and a
 * third of the memory, because its weights are memory-mapped. Only for the CPU: the compiled graphs of other providers
 * cannot be saved.
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
      // The entry is damaged, or was cut off by a full disk: make it again.
      await cache.remove(key);
    }
  }
  const made = await cache
    .add(key, bytes * GROWTH, (folder) => writeOptimisedGraph(graph, folder, settings))
    // Without a writable cache the graph is opened directly.
    .catch(() => null);
  return made === null
    ? openOnnxSession(graph, settings)
    : openOnnxSession(made, { ...settings, isOptimised: true });
}
