import * as ort from '@emoeditor/companion-server/runtime/onnxRuntime.ts';

/** Adds up the milliseconds inside ONNX Runtime of every session that is created from now on in this process. */
export function timeOnnxRuntime(): { ms: number } {
  const spent = { ms: 0 };
  const factory = ort.InferenceSession as { create: typeof ort.InferenceSession.create };
  const create = factory.create.bind(ort.InferenceSession) as (
    ...args: unknown[]
  ) => Promise<ort.InferenceSession>;
  factory.create = (async (...args: unknown[]) => {
    const session = await create(...args);
    const run = session.run.bind(session) as (
      ...feeds: unknown[]
    ) => Promise<ort.InferenceSession.OnnxValueMapType>;
    session.run = async (...feeds: unknown[]) => {
      const started = performance.now();
      try {
        return await run(...feeds);
      } finally {
        spent.ms += performance.now() - started;
      }
    };
    return session;
  }) as typeof ort.InferenceSession.create;
  return spent;
}
