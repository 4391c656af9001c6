/**
 * A loaded graph that ran before, or should, did not: the graphics card was lost, or its driver gave up. What else is
 * loaded on that device is of no more use, so the process that holds it has to go.
 */
export class RunFailure extends Error {
  override readonly name = 'RunFailure';
}

/** Memory may be there the next time; nothing is lost. ONNX Runtime's and V8's own words. */
const OUT_OF_MEMORY = /bad_alloc|failed to allocate|array buffer allocation failed|out of memory/i;

/** What a run throws as it should be passed on. */
export function failureOf(error: unknown): unknown {
  const message = error instanceof Error ? error.message : String(error);
  return OUT_OF_MEMORY.test(message) ? error : new RunFailure(message, { cause: error });
}
